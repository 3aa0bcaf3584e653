/*
 * crypt_guess_test.c: hashes that other programs made: htpasswd and openssl passwd (apr1), crypt(3) of
 * libxcrypt.
 */
#include "confirm/crypt_guess.h"

#include <criterion/criterion.h>

static bool guess(const char *hash)
{
    return silt_crypt_guess(silt_span_text(hash));
}

Test(crypt_guess, finds_common_passwords)
{
    cr_expect(guess("$apr1$k3Xz9Lqw$At3"
                    "7nhsWYKeWAKlxGZdHB"
                    "/"));
    cr_expect(guess("$apr1$ab$E4fEoMDxw"
                    "D5wNoFwb9eKg/"));
    cr_expect(guess("$apr1$Qm4.T/1z$OJd"
                    "qi9u3U12PM.S8JIM62"
                    "1"));
    cr_expect(guess("$1$Zk81mQ2p$Z2QiXy"
                    "HwBYkQ8QiBaGM4Y0"));
    cr_expect(guess("$6$saltstring$DdMx"
                    "7.nV1ZynhlO7EO4TTn"
                    "5gJugAa.k4jN2nRFAl"
                    "HDSsA1gGewAT55AkcP"
                    "A8aHi39qiSEC/Jgxw6"
                    "MZ0ls9OrM0"));
    cr_expect(guess("$5$saltstring$OH4I"
                    "DuTlsuTYPdED1gsuiR"
                    "MyTAwNlRWyA6Xr3I4/"
                    "dQ5"));
    cr_expect(guess("$y$j9T$F5Jx5fExrKu"
                    "Pp53xLKQ..1$Lj6JGa"
                    "sT6O4mfFm9ecJyB76G"
                    "fRc1Wqgm9tsKQpLYBj"
                    "8"));
    cr_expect(guess("$2b$05$N9qo8uLOick"
                    "gx2ZMRZoMyeuLX0ZfN"
                    "CdXwUQszB8Iz.LnnzV"
                    "qIDHZK"));
}

Test(crypt_guess, finds_no_others_and_takes_no_longer_than_it_may)
{
    cr_expect_not(guess("$apr1$k3Xz9Lqw$RZB"
                        "VD.ENyACbZQGE1jIHX"
                        "0"));
    cr_expect_not(guess("$6$saltstring$wKop"
                        "Q/yXvMIEMkTPnJCqPp"
                        "Ddu9USMQ0Q1IEob89D"
                        "PZ.68H.lgkKrSwfAVJ"
                        "jD8BMClRjVIBM11.Q1"
                        "f5OjRniCZ0"));
    cr_expect_not(guess("$2b$12$N9qo8uLOick"
                        "gx2ZMRZoMyet/Un10w"
                        "VNktdQrt3ZA1Ka77Rv"
                        "zF5Z/e"));
    cr_expect_not(guess("$6$rounds=6000$sal"
                        "tstring$mHYuH/1kIt"
                        "LCqAVYdC.zZ8Bnji/N"
                        "7JMc.SyN9/UWpz2Hh5"
                        "6mnSH0B7r6t0GmSQJ3"
                        "MOwjinZzw0CtDNycv6"
                        "BfM."));
    cr_expect_not(guess("$apr1$"));
    cr_expect_not(guess("$apr1$toolongasalt$x"));
    cr_expect_not(guess("$6$"));
    cr_expect_not(guess(""));
}
