/*
 * check_ssh.c: public keys (RFC 4253, section 6.6; RFC 7468, section 13): never a secret.
 */
#include "confirm/check.h"

static void run_public(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char *const beginnings[] = {"ssh-rsa ",
                                             "ssh-ed25519 ",
                                             "ssh-dss ",
                                             "ecdsa-sha2-",
                                             "sk-ssh-",
                                             "sk-ecdsa-",
                                             "AAAAB3NzaC1yc2E",
                                             "AAAAC3NzaC1lZDI1NTE5",
                                             "AAAAE2VjZHNhLXNoYTI",
                                             "-----BEGIN PUBLIC KEY",
                                             "-----BEGIN RSA PUBLIC KEY",
                                             "---- BEGIN SSH2 PUBLIC KEY"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (silt_span_has_prefix(claim->secret, beginnings[i])) {
            out->is_noise = true;
            silt_check_rule(out, false, "a public key");
        }
}

const struct silt_check silt_check_ssh_public = {"ssh-public", SILT_CHECK_SHAPE, run_public};
