/*
 * Names that are known, in upper case; NULL ends each list.
 */
#ifndef KNOWN_NAMES_H
#define KNOWN_NAMES_H

extern const char *const names_mechanisms[]; /* of AUTH */
extern const char *const names_parameters[]; /* of MAIL and RCPT */
extern const char *const names_attributes[]; /* of XCLIENT and XFORWARD */
extern const char *const names_proxied[];    /* of PROXY: address families */
extern const char *const names_fields[];     /* of ID */
extern const char *const names_parts[];      /* of APPEND, outside of lists */

#endif
