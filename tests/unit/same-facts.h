/* Compares the facts of sockets, as socket_facts.h has them. */
#ifndef SAME_FACTS_H
#define SAME_FACTS_H

#include "base/socket_facts.h"

static inline void assert_same_facts(const struct socket_facts *got,
				     const struct socket_facts *want)
{
	assert_true(got->device == want->device && got->inode == want->inode);
	for (int f = 0; f < FACTS; f++) {
		const struct fact *fact = &want->fact[f];

		assert_int_equal(got->fact[f].error, fact->error);
		if (fact->error)
			continue;
		assert_int_equal(got->fact[f].len, fact->len);
		assert_memory_equal(got->fact[f].value, fact->value, fact->len);
	}
}

#endif
