/*
 * check_test.c: the table of checks, and those that look at structure: a value that fits, and what is changed
 * about it.
 *
 * The values are made up with Python; they stand in pieces so that no scanner of repositories takes them for
 * real.
 */
#include "trial.h"

struct vector {
    const char *check, *value, *detail;
};

static const struct vector vectors[] = {
    {"aws-key-id",
     "AKI"
     "ARZPU"
     "ZDIKKXBV5QS"
     "6",
     "account 123456789012"},
    {"jwt",
     "eyJ"
     "hbGci"
     "OiJIUzI1NiI"
     "sInR5cCI6"
     "IkpXVCJ9.eyJz"
     "dWI"
     "iOiIx"
     "IiwibmFtZSI"
     "6IngifQ.X"
     "GRn2cfmr9IUwQ"
     "nbY"
     "E7JSP"
     "TekBUYN4aiU"
     "HYuVShnqp"
     "Q",
     "alg HS256"},
    {"base64-json",
     "glc"
     "_eyJv"
     "IjoiMSIsIm4"
     "iOiJzdGFj"
     "ayIsImsiOiJhV"
     "2pu"
     "a2JkV"
     "2RLVVB3NHZH"
     "REtUYiIsI"
     "m0iOnsiciI6Im"
     "V1I"
     "n19",
     "base64 of a JSON object"},
    {"docker-auth",
     "cm9"
     "ib3Q6"
     "R2ZvMkR1Qk4"
     "2aE03YWJp"
     "aXJ5",
     "login of robot"},
    {"pypi-macaroon",
     "pyp"
     "i-AgE"
     "IcHlwaS5vcm"
     "cCJGU3NDh"
     "hOGE5OWVhZDBl"
     "OGF"
     "jNDlm"
     "N2Y3YjMwZDg"
     "xMjE0MWE3"
     "OQACAAAGIHpjm"
     "kCM"
     "teNjW"
     "dPoHgu5U1DQ"
     "axP69aiqC"
     "yaJlwMvNY3P",
     "macaroon for pypi.org"},
    {"telegram",
     "123"
     "45678"
     "9:AAUbhtZu_"
     "1urR2IftV"
     "oTO9yHyze1vYD"
     "ikb"
     "l",
     "bot 123456789"},
    {"discord",
     "MTA"
     "3MzEy"
     "MzQ1Njc4OTA"
     "xMjM0.0cG"
     "Lih.uIYxiHpzd"
     "CNy"
     "T6usV"
     "4tDTWSWkahD"
     "cNMZ1DzeI"
     "n",
     "bot 107312345678901234"},
    {"slack",
     "xox"
     "b-123"
     "456789012-1"
     "234567890"
     "123-KWh345ZoL"
     "Yf4"
     "CX3DD"
     "dHSinKn",
     "in Slack's form"},
    {"stripe",
     "sk_"
     "live_"
     "WUYu2mwpKnX"
     "YP1xpobWX"
     "zdhT",
     "a key of the older form"},
    {"openai",
     "sk-"
     "proj-"
     "aQs1El4fQLd"
     "Cjz4MXKYM"
     "fOroUaCZnIlkE"
     "XAL"
     "5Qnvz"
     "HoAHLgQ7Asd"
     "EtDDscWPs"
     "OUvBGwSxIIIxT"
     "T3B"
     "lbkFJ"
     "DuTND2WX1k3"
     "HpB4QeOBi"
     "xcOcnTWzeOujn"
     "gst"
     "pUgpu"
     "dmfTUYaWsf5"
     "bm5Ngsw6x"
     "KoxO4rq9Uu5ms",
     "holds OpenAI's marker"},
    {"anthropic",
     "sk-"
     "ant-a"
     "pi03-egf6Dy"
     "M03G2iQQq"
     "nDfAdOwrqowmQ"
     "tKK"
     "IY3t2"
     "iNZ4aza-Pka"
     "KGJLSqfHF"
     "edBnmhMEn7wxx"
     "D_b"
     "7Cu4c"
     "JEL6vAR3NdT"
     "bhPTuAA",
     "ends in AA, as issued keys do"},
    {"sentry-json",
     "snt"
     "rys_e"
     "yJpYXQiOjE3"
     "MDAwMDAwM"
     "DAuMSwidXJsIj"
     "oia"
     "HR0cH"
     "M6Ly9zZW50c"
     "nkuaW8iLC"
     "JyZWdpb25fdXJ"
     "sIj"
     "oiaHR"
     "0cHM6Ly9kZS"
     "5zZW50cnk"
     "uaW8iLCJvcmci"
     "OiJ"
     "hY21l"
     "In0=_tjok6b"
     "cL9eunEdo"
     "lrSflmv1f98Tc"
     "efg"
     "ZdRH5"
     "ePHD8vy",
     "organisation acme"},
    {"jfrog-reference",
     "cmV"
     "mdGtu"
     "OjAxOjE3MDA"
     "wMDAwMDA6"
     "R2xDNnRROXNIW"
     "TRs"
     "aDFlZ"
     "1h6T05VSzZU",
     "a reference token"},
    {"bitbucket-dc",
     "BBD"
     "C-MTI"
     "zNDU2Nzg5MD"
     "EyOos4pyV"
     "h9u98OFCdo+MW"
     "55e"
     "VI7w0",
     "id and secret"},
    {"notion",
     "ntn"
     "_0373"
     "8722013e9Up"
     "cxUbKouf7"
     "PuFX5cWhTr6dU"
     "J4w"
     "qd3Me"
     "d",
     "in Notion's form"},
    {"wireguard",
     "QOX"
     "LNOQy"
     "6nVFC2VeXPb"
     "C/u/DJFbE"
     "NSR9294BgueFA"
     "k8=",
     "clamped as private keys are"},
    {"azure-entra",
     "abc"
     "8Q~G5"
     "7x1WCYRBIbK"
     "IW26qeY6h"
     "qKusevnT4p",
     "client secret of generation 8"},
};

enum { VECTOR_COUNT = sizeof vectors / sizeof vectors[0] };

Test(check, has_every_name_once)
{
    static const char *const names[] = {
        "github-crc32",
        "npm-crc32",
        "vercel-crc32",
        "salad-crc32",
        "github-pat-sha256",
        "gitlab-routable",
        "grafana-crc32",
        "cloudflare-crc32",
        "atlassian-crc32",
        "apify-crc32",
        "packagist-crc32",
        "canva-crc32",
        "zuplo-crc32",
        "confluent-crc32",
        "aws-key-id",
        "jwt",
        "pem-private-key",
        "base64",
        "base64-json",
        "docker-auth",
        "pypi-macaroon",
        "azure-marvin32",
        "azure-entra",
        "age-bech32",
        "telegram",
        "discord",
        "slack",
        "stripe",
        "openai",
        "anthropic",
        "sentry-json",
        "jfrog-reference",
        "bitbucket-dc",
        "notion",
        "crypt-hash",
        "gcp-service-account",
        "uri-password",
        "jks",
        "pkcs12",
        "keepass",
        "sqlite",
        "ssh-public",
        "wireguard",
        "bech32-nostr",
        "stellar-crc16",
        "nkey-crc16",
        "uuid",
        "hex",
        "placeholder",
        "file-entries",
        "file-private-key",
        "file-one-word",
        "file-password",
        "file-rails-key",
        "file-forge-token",
        "file-openstack",
        "file-openvpn",
        "file-google-adc",
        "file-azure-cache",
        "file-terraform-state",
        "file-browser-store",
        "file-wallet",
        "file-login-path",
        "file-samba",
        "file-vnc",
        "file-postmap",
        "file-dump",
        "file-actions",
    };
    size_t count = sizeof names / sizeof names[0];
    for (size_t i = 0; i < count; i++)
        cr_expect_not_null(silt_check_find(names[i]), "%s", names[i]);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(silt_check_find(silt_check_at(i)->name), silt_check_at(i), "%s twice",
                     silt_check_at(i)->name);
    cr_expect_null(silt_check_at(count));
    cr_expect_null(silt_check_find("luhn"));
}

Test(check, accepts_what_fits_and_says_what_it_saw)
{
    for (int i = 0; i < VECTOR_COUNT; i++) {
        struct silt_ruling ruling = trial_check_text(vectors[i].check, vectors[i].value);
        cr_expect_eq(ruling.validation, SILT_VALIDATION_VALID, "%s: %s", vectors[i].check, ruling.detail);
        cr_expect_str_eq(ruling.detail, vectors[i].detail, "%s: %s", vectors[i].check, ruling.detail);
    }
}

/* A character that none of these forms holds, at the front, in the middle and at the end. */
Test(check, refuses_what_has_another_form)
{
    for (int i = 0; i < VECTOR_COUNT; i++) {
        char value[400];
        size_t size = strlen(vectors[i].value);
        bool is_marker =
            strcmp(vectors[i].check, "openai") == 0 || strcmp(vectors[i].check, "anthropic") == 0;
        for (int part = 0; part < 3 && !is_marker; part++) {
            memcpy(value, vectors[i].value, size + 1);
            value[part == 0 ? 8 : part == 1 ? size / 2 : size - 3] = '\x01';
            bool is_opaque =
                strcmp(vectors[i].check, "sentry-json") == 0 || strcmp(vectors[i].check, "jwt") == 0 ||
                strcmp(vectors[i].check, "telegram") == 0 || strcmp(vectors[i].check, "discord") == 0;
            if (is_opaque && part != 0)
                continue; /* what stands behind the structure is the secret itself */
            struct silt_ruling ruling = trial_check_text(vectors[i].check, value);
            cr_expect_eq(ruling.validation, SILT_VALIDATION_INVALID, "%s, part %d", vectors[i].check, part);
        }
    }
}

Test(check, refuses_tokens_without_their_marker)
{
    char value[400];
    for (int i = 0; i < VECTOR_COUNT; i++) {
        strcpy(value, vectors[i].value);
        char *marker = strstr(value, "T3Blbk");
        if (strcmp(vectors[i].check, "openai") == 0 && marker != NULL)
            marker[0] = 'U';
        else if (strcmp(vectors[i].check, "anthropic") == 0)
            value[strlen(value) - 1] = 'B';
        else
            continue;
        cr_expect_eq(trial_check_text(vectors[i].check, value).validation, SILT_VALIDATION_INVALID);
    }
}

Test(check, writes_printable_details_only)
{
    struct silt_ruling ruling = {.validation = SILT_VALIDATION_NONE};
    silt_check_rule(&ruling, true, "%s", "a\x1b[31m\xffz");
    cr_expect_str_eq(ruling.detail, "a?[31m?z");
    char longer[400];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    silt_check_rule(&ruling, true, "%s", longer);
    cr_expect_eq(strlen(ruling.detail), sizeof ruling.detail - 1);
}

Test(check, aws_key_ids)
{
    cr_expect_eq(trial_check_text("aws-key-id", "AK"
                                                "IA0ABCDEFGHIJKLMNOP")
                     .validation,
                 SILT_VALIDATION_INVALID);
    cr_expect_eq(trial_check_text("aws-key-id", "AK"
                                                "IAI"
                                                "XYZABCDEFGHIJK")
                     .validation,
                 SILT_VALIDATION_INVALID, "19 characters");
    cr_expect_eq(trial_check_text("aws-key-id", "AK"
                                                "IAJ"
                                                "XYZABCDEFGHIJKL")
                     .validation,
                 SILT_VALIDATION_VALID);
    cr_expect_eq(trial_check_text("aws-key-id", "AK"
                                                "IA7"
                                                "77777777777777AA")
                     .validation,
                 SILT_VALIDATION_INVALID, "an account of thirteen digits");
    /* Tal Be'ery's published pair */
    cr_expect_str_eq(trial_check_text("aws-key-id", "AS"
                                                    "IAQNZGKIQY"
                                                    "56JQ7WML")
                         .detail,
                     "account 029608264753");
}

Test(check, jwts_without_signature_open_nothing)
{
    /* {"alg":"none"} and {"a":1}; then {"alg":"HS256"} with an empty signature */
    cr_expect_eq(trial_check_text("jwt", "eyJhbGciOiJub25lIn0"
                                         ".eyJhIjoxfQ"
                                         ".AAAA")
                     .validation,
                 SILT_VALIDATION_INVALID);
    struct silt_ruling ruling = trial_check_text("jwt", "eyJhbGciOiJIUzI1NiJ9"
                                                        ".eyJhIjoxfQ"
                                                        ".");
    cr_expect_eq(ruling.validation, SILT_VALIDATION_INVALID);
    cr_expect_str_eq(ruling.detail, "not signed");
}

Test(check, public_keys_are_no_secret)
{
    cr_expect(trial_check_text("ssh-public", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA").is_noise);
    cr_expect(trial_check_text("ssh-public", "-----BEGIN PUBLIC KEY-----\nMIIB").is_noise);
    cr_expect_not(trial_check_text("ssh-public", "-----BEGIN "
                                                 "PRIVATE KEY-----")
                      .is_noise);
}

Test(check, uuids)
{
    cr_expect_str_eq(trial_check_text("uuid", "6fa459ea-ee8a-4ca4-894e-db77e160355e").detail,
                     "UUID of version 4");
    cr_expect_eq(trial_check_text("uuid", "6fa459ea-ee8a-0ca4-894e-db77e160355e").validation,
                 SILT_VALIDATION_INVALID);
    cr_expect_eq(trial_check_text("uuid", "6fa459ea-ee8a-4ca4-c94e-db77e160355e").validation,
                 SILT_VALIDATION_INVALID);
    cr_expect_eq(trial_check_text("uuid", "6fa459eaeee8a-4ca4-894e-db77e160355e").validation,
                 SILT_VALIDATION_INVALID);
}

Test(check, password_hashes)
{
    cr_expect_str_eq(trial_check_text("crypt-hash", "$2y$12$abcdefghijklmnopqrstuv").detail,
                     "bcrypt, cost 12");
    cr_expect_str_eq(trial_check_text("crypt-hash", "$6$rounds=5000$salt$hash").detail,
                     "SHA-512 crypt, cost 5000");
    cr_expect_str_eq(trial_check_text("crypt-hash", "{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=").detail,
                     "unsalted SHA-1, of a very common password");
    cr_expect_str_eq(trial_check_text("crypt-hash", "{SHA}1DPiKuNIrrVmD8IUCuw1hQxNqZc=").detail,
                     "unsalted SHA-1");
    cr_expect_str_eq(trial_check_text("crypt-hash", "HXFOf3VmhnLrC").detail, "DES crypt");
    cr_expect_eq(trial_check_text("crypt-hash", "$9$x").validation, SILT_VALIDATION_INVALID);
}

Test(check, docker_logins_need_a_password)
{
    cr_expect_eq(trial_check_text("docker-auth", "cm9ib3Q6").validation, SILT_VALIDATION_INVALID, "robot:");
    cr_expect_eq(trial_check_text("docker-auth", "cm9ib3Q=").validation, SILT_VALIDATION_INVALID, "robot");
    cr_expect(trial_check_text("docker-auth", "cm9ib3Q6Y2hhbmdlbWU=").is_noise, "robot:changeme");
}
