/*
 * seal_test.c: hashes as text, against published ones.
 */
#include <silt/seal.h>

#include <criterion/criterion.h>
#include <string.h>

/* FIPS 180-4 examples ("abc", and nothing). */
Test(seal, hash)
{
    char out[SILT_SEAL_SIZE];
    silt_seal_hash("abc", 3, out);
    cr_expect_str_eq(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    silt_seal_hash(NULL, 0, out);
    cr_expect_str_eq(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* RFC 4231, test case 2. */
Test(seal, hmac)
{
    char out[SILT_SEAL_SIZE];
    const char *text = "what do ya want for nothing?";
    silt_seal_hmac("Jefe", text, strlen(text), out);
    cr_expect_str_eq(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}
