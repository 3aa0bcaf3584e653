/*
 * common.h: the passwords that are tried on what is locked. A lock that one of them opens is none.
 */
#ifndef SILT_CONFIRM_COMMON_H
#define SILT_CONFIRM_COMMON_H

/* Ends with NULL. Those that tools and their manuals put there come first, then those that people take: the
 * callers try as many as their time allows. */
extern const char *const silt_common_passwords[];

#endif
