/*
 * Prints the table of known forms: a line a form, with form, example and source
 * between TABs.
 */
#include <stdio.h>

#include "rlogsess/grouping/known_form.h"

int main(void)
{
	const struct known_form *form;

	for (size_t i = 0; (form = known_form_get(i)); i++)
		printf("%s\t%s\t%s\n", form->form, form->example, form->source);
	return 0;
}
