/*
 * common.c: keytool's and Android's defaults and those of manuals, then the head of every list of leaked
 * passwords.
 */
#include "confirm/common.h"

#include <stddef.h>

const char *const silt_common_passwords[] = {
    "changeit",  "",         "changeme", "password", "root",       "secret",  "123456",
    "android",   "toor",     "admin",    "test",     "default",    "docker",  "12345678",
    "123456789", "qwerty",   "12345",    "1234",     "letmein",    "welcome", "password1",
    "Password1", "passw0rd", "P@ssw0rd", "abc123",   "111111",     "000000",  "123123",
    "qwerty123", "1q2w3e4r", "guest",    "user",     "login",      "master",  "monkey",
    "dragon",    "iloveyou", "vagrant",  "ubuntu",   "notasecret", NULL,
};
