/*
 * check_file_test.c: files of text that hold what their names promise, nothing, or something else.
 */
#include "trial.h"

enum answer { NOTHING, DROPPED, GOOD, BAD };

static enum answer ask(const char *check, const char *text)
{
    struct silt_ruling ruling = trial_check(check, text, strlen(text));
    if (ruling.is_noise)
        return DROPPED;
    return ruling.validation == SILT_VALIDATION_VALID     ? GOOD
           : ruling.validation == SILT_VALIDATION_INVALID ? BAD
                                                          : NOTHING;
}

static void expect(const char *check, const char *text, enum answer expected)
{
    enum answer answer = ask(check, text);
    cr_expect_eq(answer, expected, "%s: \"%s\": %d instead of %d", check, text, (int)answer, (int)expected);
}

Test(check_file, comments_and_blanks_are_no_entries)
{
    static const char *const checks[] = {"file-entries", "file-private-key", "file-one-word", "file-password",
                                         "file-rails-key"};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        expect(checks[i], "\n", DROPPED);
        expect(checks[i], "# a comment\r\n  ; another\n\t// a third\n \n", DROPPED);
    }
    expect("file-entries", "# a\nentry", NOTHING);
    expect("file-entries", "\n\n  entry # b", NOTHING);
}

Test(check_file, private_keys)
{
    expect("file-private-key",
           "-----BEG"
           "IN EC PRIVATE KEY-----\n",
           GOOD);
    expect("file-private-key",
           "Bag Attributes\n-----BEG"
           "IN PRIVATE KEY-----\n",
           GOOD);
    expect("file-private-key", "SSH PRIVATE KEY FILE FORMAT 1.1\n", GOOD);
    expect("file-private-key", "PuTTY-User-Key-File-3: ssh-ed25519\n", GOOD);
    expect("file-private-key", "ssh-ed25519 AAAA", DROPPED);
    expect("file-private-key", "ecdsa-sha2-nistp256 AAAA", DROPPED);
    expect("file-private-key", "-----BEGIN PUBLIC KEY-----\n", DROPPED);
    expect("file-private-key", "something else", BAD);
}

Test(check_file, one_secret_and_nothing_else)
{
    expect("file-one-word", "\n hvs.x \n", NOTHING);
    expect("file-one-word", "two words", BAD);
    expect("file-one-word", "two\nlines", BAD);
    expect("file-password", "correct horse battery", NOTHING);
    expect("file-password", "#!/bin/sh\npass show x", DROPPED);
    expect("file-password", "two\nlines", BAD);
    expect("file-rails-key", "0123456789abcdef0123456789abcdef\n", GOOD);
    expect("file-rails-key", "0123456789abcdef0123456789abcdeg", BAD);
    expect("file-rails-key", "0123456789abcdef", BAD);
}

Test(check_file, settings_with_a_token_and_without)
{
    expect("file-forge-token", "github.com:\n  user: a\n  oauth_token: b\n", NOTHING);
    expect("file-forge-token", "logins:\n- token: b\n", NOTHING);
    expect("file-forge-token", "github.com:\n  user: a\n  git_protocol: https\n", DROPPED);
    expect("file-forge-token", "oauth_token: \"\"\ntoken: null\ntokens: x\n", DROPPED);
    expect("file-openstack", "  password : x", NOTHING);
    expect("file-openstack", "  auth_url: x\n  password: ''", DROPPED);
    expect("file-openvpn", "client\n<key>\n", NOTHING);
    expect("file-openvpn", "client\nkey client.key\n", DROPPED);
}

Test(check_file, documents)
{
    expect("file-google-adc", "{\"refresh_token\": \"x\"}", NOTHING);
    expect("file-google-adc", " { \n } ", DROPPED);
    expect("file-google-adc", "{\"type\": \"external_account\"}", DROPPED);
    expect("file-google-adc", "{\"type\": \"external_account\", \"client_secret\": \"x\"}", NOTHING);
    expect("file-google-adc", "{\"a\": 1}", BAD);
    expect("file-azure-cache", "[]", DROPPED);
    expect("file-azure-cache", "[{\"accessToken\": \"x\"}]", NOTHING);
    expect("file-azure-cache", "\x01\x02\x03", NOTHING);
    expect("file-terraform-state", "{\"lineage\": \"x\", \"resources\": [{}]}", GOOD);
    expect("file-terraform-state", "{\"lineage\": \"x\", \"outputs\": {}, \"resources\": []}", DROPPED);
    expect("file-terraform-state",
           "{\"lineage\": \"x\", \"outputs\": {}, \"resources\": [], \"backend\": {}}", GOOD);
    expect("file-terraform-state", "{\"a\": 1}", BAD);
}
