/*
 * key.h: private keys in the forms that files hold them in: what kind, how strong, whether a passphrase
 * protects them.
 *
 * Each reader takes the decoded bytes (or the text) of one form and answers whether it fits. Sizes inside are
 * limits to check. The only user of libcrypto's key parsing; it leaves no errors in libcrypto's queue.
 */
#ifndef SILT_CONFIRM_KEY_H
#define SILT_CONFIRM_KEY_H

#include "base/span.h"

enum { SILT_KEY_KIND_SIZE = 48, SILT_KEY_FINGERPRINT_SIZE = 7 + 44 + 1 };

struct silt_key {
    char kind[SILT_KEY_KIND_SIZE];               /* "RSA 2048", "Ed25519", as far as known */
    char fingerprint[SILT_KEY_FINGERPRINT_SIZE]; /* of the public half, as ssh-keygen -l prints it; "" if it
                                                    is not there to be read */
    bool is_encrypted;
    bool is_absent; /* the private part is not there (GnuPG stubs) */
};

/* PKCS#1, PKCS#8, SEC1 and DSA keys in DER, encrypted PKCS#8 too. */
bool silt_key_der_read(struct silt_span der, struct silt_key *out);

/* What stands between the lines of an OpenSSH key, decoded (OpenSSH, PROTOCOL.key). */
bool silt_key_openssh_read(struct silt_span bytes, struct silt_key *out);

/* An OpenPGP secret key packet (RFC 4880, section 5.5.3), first in what armour holds. */
bool silt_key_pgp_read(struct silt_span bytes, struct silt_key *out);

/* A PuTTY key file's text (PuTTY manual, appendix C). */
bool silt_key_putty_read(struct silt_span text, struct silt_key *out);

/* Fills the fingerprint: from a public key in OpenSSH's form, or from the fields of one. */
void silt_key_public_blob(struct silt_span blob, struct silt_key *out);
void silt_key_public_fields(const struct silt_span *fields, size_t count, struct silt_key *out);

#endif
