/*
 * A process can have several versions of a library, and each caller has to get
 * the one that it would call without the companion: the first definition among
 * the libraries that the caller's object depends on. So a library loaded with
 * local scope is found as well. A caller without them, as the program itself,
 * gets the next definition after the companion's.
 *
 * The answer is remembered for each address of a call. No lock is held: threads
 * that look for the same library at the same time store the same values, and
 * base is set before by the one thread that has got the place. A library that
 * was found stays loaded.
 *
 * dl_iterate_phdr and dlopen without loading are what both glibc and musl have.
 * dladdr is there, too, but it compares all symbols of an object, which cost
 * more than all the rest of the companion in a short session.
 *
 * Tested by tests/sh/companion-tls.t.
 */
#include "companion/tls/tls_library.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdint.h>
#include <string.h>

#include <sys/auxv.h>

#include "companion/tls/clear_sender.h"

/* Answers about a caller other than the number of its library. */
enum { NO_LIBRARY = -1, OWN_CALL = TLS_LIBRARIES };

/* The loaded object that contains address; base NULL: there is none. */
struct loaded_object {
	const char *address;
	const char *base; /* of its first segment */
	const char *name; /* as dlopen takes it; NULL: the program itself */
};

static bool contains_address(const struct dl_phdr_info *info,
			     const ElfW(Phdr) * segment, const char *address)
{
	uintptr_t begin = info->dlpi_addr + segment->p_vaddr;
	uintptr_t at = (uintptr_t)address;

	return segment->p_type == PT_LOAD && at >= begin &&
	       at - begin < segment->p_memsz;
}

static const char *first_segment(const struct dl_phdr_info *info)
{
	const ElfW(Phdr) *segment = info->dlpi_phdr;

	while (segment->p_type != PT_LOAD)
		segment++;
	return (const char *)(info->dlpi_addr + segment->p_vaddr);
}

/* Completes the object that ctx points to if info is about it. */
static int match_object(struct dl_phdr_info *info, size_t size, void *ctx)
{
	const ElfW(Phdr) *program = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	struct loaded_object *object = ctx;

	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		if (!contains_address(info, info->dlpi_phdr + i,
				      object->address))
			continue;
		object->base = first_segment(info);
		if (info->dlpi_phdr != program)
			object->name = info->dlpi_name;
		return 1;
	}
	return 0;
}

static struct loaded_object find_object(const void *address)
{
	struct loaded_object object = {.address = address};

	if (address)
		dl_iterate_phdr(match_object, &object);
	return object;
}

static const void *object_base(const void *address)
{
	return find_object(address).base;
}

static bool is_companion(const void *address)
{
	static const char own;

	return object_base(address) == object_base(&own);
}

/* Opens the loaded object that contains address; NULL: the program itself. */
static void *open_object(const void *address)
{
	const char *name = find_object(address).name;

	return name ? dlopen(name, RTLD_LAZY | RTLD_NOLOAD) : NULL;
}

/* Finds the definition of name in handle and its dependencies, not our own. */
static void *find_below(void *handle, const char *name)
{
	void *found = handle ? dlsym(handle, name) : NULL;

	return found && !is_companion(found) ? found : NULL;
}

/* Finds the definition of the kind's first function that caller would call. */
static void *find_definition(const struct tls_kind *kind, const void *caller)
{
	const char *name = kind->names[0];
	void *handle = open_object(caller);
	void *found = find_below(handle, name);

	if (handle)
		dlclose(handle);
	if (!found)
		found = dlsym(RTLD_NEXT, name);
	for (size_t i = 0; kind->sonames[i] && !found; i++) {
		handle = dlopen(kind->sonames[i], RTLD_LAZY | RTLD_NOLOAD);
		found = find_below(handle, name);
	}
	return found;
}

/* Looks up all functions in the library that defines the first one. */
static void fill_table(struct tls_kind *kind, int library, void *definition)
{
	size_t size = kind->functions * sizeof definition;
	char *table = (char *)kind->tables + (size_t)library * size;
	void *handle = open_object(definition);
	const char *lacking = NULL;

	for (size_t i = 0; i < kind->functions; i++) {
		void *symbol = find_below(handle, kind->names[i]);

		if (!symbol && i < kind->required && !lacking)
			lacking = kind->names[i];
		memcpy(table + i * sizeof symbol, &symbol, sizeof symbol);
	}
	if (lacking) {
		const char *name = find_object(definition).name;

		clear_sender_lacks(name ? name : "the program", lacking);
	}
	kind->libraries[library].complete = !lacking;
	kind->libraries[library].ready = true;
}

/* Returns the number of the library that has this definition. */
static int number_library(struct tls_kind *kind, void *definition)
{
	const void *base = object_base(definition);

	for (int i = 0; i < TLS_LIBRARIES && base; i++) {
		const void *owner = NULL;

		if (!atomic_compare_exchange_strong(&kind->libraries[i].base,
						    &owner, base) &&
		    owner != base)
			continue;
		if (!kind->libraries[i].ready)
			fill_table(kind, i, definition);
		return i;
	}
	return NO_LIBRARY;
}

/* Looks for the library of caller, and remembers it. */
static int look_for_library(struct tls_kind *kind, const void *caller)
{
	void *definition = find_definition(kind, caller);
	int found = number_library(kind, definition);
	size_t place;

	dlerror(); /* the program did not ask */
	if (found == NO_LIBRARY)
		return NO_LIBRARY;
	if (is_companion(caller) ||
	    object_base(caller) == object_base(definition))
		found += OWN_CALL;
	place = atomic_fetch_add(&kind->n_callers, 1);
	if (place < TLS_CALLERS) {
		kind->callers[place].found = found;
		kind->callers[place].address = caller;
	}
	return found;
}

struct tls_call tls_library_find(struct tls_kind *kind, const void *caller)
{
	size_t size = kind->functions * sizeof(void *);
	int saved = errno, found = NO_LIBRARY;
	struct tls_call call = {NULL, false};

	for (size_t i = 0; i < TLS_CALLERS && found == NO_LIBRARY; i++) {
		const void *address = kind->callers[i].address;

		if (address == caller)
			found = kind->callers[i].found;
		else if (!address)
			break;
	}
	if (found == NO_LIBRARY)
		found = look_for_library(kind, caller);
	errno = saved;
	if (found == NO_LIBRARY)
		return call;
	call.is_seen = found < OWN_CALL && kind->libraries[found].complete;
	call.functions =
	    (char *)kind->tables + (size_t)(found % OWN_CALL) * size;
	return call;
}
