/*
 * check_magic_test.c: first bytes and sizes of files that are credentials; empty ones; cut ones.
 */
#include "trial.h"

static enum silt_validation validate(const char *check, const void *bytes, size_t size)
{
    struct silt_ruling ruling = trial_check(check, bytes, size);
    cr_expect_not(ruling.is_noise && ruling.validation == SILT_VALIDATION_VALID);
    return ruling.validation;
}

#define EXPECT(check, bytes, expected)                                                                       \
    cr_expect_eq(validate(check, bytes, sizeof(bytes) - 1), SILT_VALIDATION_##expected, "%s %s", check, bytes)

Test(check_magic, known_forms)
{
    EXPECT("file-browser-store", "SQLite format 3\0", VALID);
    EXPECT("file-browser-store", "\x00\x06\x15\x61\0\0\0\2", VALID);
    EXPECT("file-browser-store", "{\"logins\": [{\"encryptedPassword\": \"x\"}]}", VALID);
    EXPECT("file-browser-store", "<html>", INVALID);
    EXPECT("file-wallet", "\0\0\0\0\1\0\0\0\0\0\0\0\x62\x31\x05\x00", VALID);
    EXPECT("file-wallet", "QklFMQabc", VALID);
    EXPECT("file-wallet", "{\"wallet_type\": \"standard\"}", VALID);
    EXPECT("file-wallet", "\0\0\0\0\1\0\0\0\0\0\0\0\x62\x31\x06\x00", INVALID);
    EXPECT("file-samba", "TDB file\n", VALID);
    EXPECT("file-samba", "\x05\x02\0\0", VALID);
    EXPECT("file-samba", "root:0:XXXX", NONE);
    EXPECT("file-samba", "a\0b", INVALID);
    EXPECT("file-vnc", "8 bytes.", VALID);
    EXPECT("file-vnc", "16 bytes in all.", VALID);
    EXPECT("file-vnc", "9 bytes..", INVALID);
    EXPECT("file-postmap", "\0\0\0\0\1\0\0\0\0\0\0\0\x61\x15\x06\x00", VALID);
    EXPECT("file-postmap", "host user:password", NONE);
    EXPECT("file-dump", "REDIS0009", VALID);
    EXPECT("file-dump", "-- \nCREATE TABLE x", NONE);
    EXPECT("file-dump", "core of a process", INVALID);
    EXPECT("file-actions", "{\"modulus\": \"x\"}", VALID);
    EXPECT("file-actions", "{}", INVALID);
}

Test(check_magic, login_path_files)
{
    char file[24 + 4 + 16 + 1] = {0};
    file[24] = 16;
    cr_expect_eq(validate("file-login-path", file, sizeof file - 1), SILT_VALIDATION_VALID);
    file[24] = 15;
    cr_expect_eq(validate("file-login-path", file, sizeof file - 1), SILT_VALIDATION_INVALID);
    cr_expect(trial_check("file-login-path", file, 24).is_noise, "a key, and no login under it");
}

Test(check_magic, what_holds_nothing_is_no_secret)
{
    static const char *const checks[] = {"file-browser-store", "file-wallet", "file-samba",
                                         "file-postmap",       "file-dump",   "file-actions"};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        cr_expect(trial_check(checks[i], "\n", 1).is_noise, "%s", checks[i]);
        cr_expect(trial_check(checks[i], "# x\n", 4).is_noise, "%s", checks[i]);
    }
    cr_expect(trial_check("file-browser-store", "{\"logins\": []}", 14).is_noise);
}

Test(check_magic, cut_anywhere)
{
    static const char bytes[64] = "\0\0\0\0\1\0\0\0\0\0\0\0\x62\x31\x05\x00\xde\xc0\xef\xbe";
    for (size_t i = 0; silt_check_at(i) != NULL; i++) {
        if (strncmp(silt_check_at(i)->name, "file-", 5) != 0)
            continue;
        for (size_t size = 1; size <= sizeof bytes; size++)
            trial_check(silt_check_at(i)->name, bytes + sizeof bytes - size, size);
    }
}
