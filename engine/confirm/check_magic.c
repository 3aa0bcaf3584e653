/*
 * check_magic.c: files that are credentials by their name and have a form of their own, known by first bytes
 * or sizes.
 *
 * Sources: SQLite "Database file format"; Berkeley DB, db_page.h (magic of hash and btree files); Bitcoin
 * Core doc/files.md; Electrum, wallet storage; MySQL, mysql_config_editor.cc (layout of .mylogin.cnf);
 * Samba's tdb, tdb_private.h; MIT Kerberos "Keytab file format"; LMDB, mdb.c (meta page); RealVNC
 * vncpasswd(1); redis "RDB file format"; PostgreSQL pg_backup_archiver.h; Firefox, services of logins
 * (logins.json).
 */
#include "confirm/check_file.h"

struct form {
    const char *name;
    size_t offset, size;
    const char *bytes;
};

static const struct form sqlite = {"SQLite database", 0, 15, "SQLite format 3"};
static const struct form berkeley_btree = {"Berkeley DB file", 12, 4, "\x62\x31\x05\x00"};
static const struct form berkeley_hash = {"Berkeley DB file", 12, 4, "\x61\x15\x06\x00"};
static const struct form berkeley_old = {"Berkeley DB file", 0, 4, "\x00\x06\x15\x61"};
static const struct form tdb = {"tdb database", 0, 9, "TDB file\n"};
static const struct form keytab = {"Kerberos keytab", 0, 2, "\x05\x02"};
static const struct form lmdb = {"LMDB database", 16, 4, "\xde\xc0\xef\xbe"};
static const struct form electrum = {"encrypted Electrum wallet", 0, 5, "QklFM"};
static const struct form redis = {"Redis dump", 0, 5, "REDIS"};
static const struct form postgres = {"PostgreSQL archive", 0, 5, "PGDMP"};

static bool has_form(struct silt_span file, const struct form *form)
{
    return file.size >= form->offset + form->size &&
           memcmp(file.data + form->offset, form->bytes, form->size) == 0;
}

/* Rules that the file has one of some forms; false if it has none. */
static bool rule_form(struct silt_span file, const struct form *const *forms, struct silt_ruling *out)
{
    for (; *forms != NULL; forms++)
        if (has_form(file, *forms)) {
            silt_check_rule(out, true, "%s", (*forms)->name);
            return true;
        }
    return false;
}

static bool is_text(struct silt_span file)
{
    return file.size == 0 || memchr(file.data, '\0', file.size) == NULL;
}

static bool has_entries(struct silt_span text)
{
    struct silt_span line;
    while (silt_check_file_line(&text, &line))
        if (silt_check_file_is_entry(line))
            return true;
    return false;
}

/* Rules on text where no form fits: without entries it is nothing, with them it may be what it is named. */
static void rule_rest(struct silt_span file, bool may_be_text, const char *what, struct silt_ruling *out)
{
    if (!has_entries(file))
        silt_check_file_rule_empty(out, "no entries");
    else if (!may_be_text || !is_text(file))
        silt_check_rule(out, false, "no %s", what);
}

static void run_browser(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form *const forms[] = {&sqlite, &berkeley_old, NULL};
    struct silt_span file = claim->secret;
    if (rule_form(file, forms, out))
        return;
    if (silt_check_file_holds(file, "\"encryptedPassword\""))
        silt_check_rule(out, true, "stored logins");
    else if (silt_check_file_holds(file, "\"logins\""))
        silt_check_file_rule_empty(out, "no logins in it");
    else
        rule_rest(file, false, "store of a browser", out);
}

static void run_wallet(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form *const forms[] = {&berkeley_btree, &sqlite, &electrum, NULL};
    static const char *const members[] = {"\"keystore\"", "\"wallet_type\"",     "\"seed\"",
                                          "'seed'",       "\"master_public_key", "org.bitcoin.production"};
    if (rule_form(claim->secret, forms, out))
        return;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (silt_check_file_holds(claim->secret, members[i])) {
            silt_check_rule(out, true, "wallet");
            return;
        }
    rule_rest(claim->secret, false, "wallet in a known form", out);
}

/* Four bytes unused, twenty for the key, then pieces, each with its size of whole AES blocks before it. */
static void run_login_path(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { HEAD = 24, BLOCK = 16, PIECE_MAX = 4096 };
    struct silt_span file = claim->secret;
    bool has_piece = file.size >= HEAD + 4 + BLOCK;
    uint32_t size = 0;
    if (has_piece)
        size = file.data[HEAD] | (uint32_t)file.data[HEAD + 1] << 8 | (uint32_t)file.data[HEAD + 2] << 16 |
               (uint32_t)file.data[HEAD + 3] << 24;
    bool fits = has_piece && size > 0 && size % BLOCK == 0 && size <= PIECE_MAX;
    if (file.size <= HEAD)
        silt_check_file_rule_empty(out, "no login in it");
    else
        silt_check_rule(out, fits, fits ? "login path file, its key inside" : "no login path file");
}

static void run_samba(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form *const forms[] = {&tdb, &keytab, &lmdb, NULL};
    if (!rule_form(claim->secret, forms, out))
        rule_rest(claim->secret, true, "password database", out);
}

/* DES under a key that is known: one password, or one more to look on only, of eight bytes each. */
static void run_vnc(const struct silt_claim *claim, struct silt_ruling *out)
{
    bool fits = claim->secret.size == 8 || claim->secret.size == 16;
    silt_check_rule(out, fits, fits ? "password under a key that is known" : "no VNC password file");
}

static void run_postmap(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form *const forms[] = {&berkeley_hash, &berkeley_btree, &lmdb, NULL};
    if (!rule_form(claim->secret, forms, out))
        rule_rest(claim->secret, true, "table of postfix", out);
}

static void run_dump(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form *const forms[] = {&redis, &postgres, NULL};
    static const char *const words[] = {"INSERT INTO", "CREATE TABLE", "COPY ", "database dump", "SQL dump"};
    if (rule_form(claim->secret, forms, out))
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (silt_check_file_holds(claim->secret, words[i])) {
            silt_check_note(out, "SQL statements");
            return;
        }
    rule_rest(claim->secret, false, "dump of a database", out);
}

/* A key of the runner in RSAParameters' members. */
static void run_actions(const struct silt_claim *claim, struct silt_ruling *out)
{
    bool fits = silt_check_file_holds(claim->secret, "\"modulus\"") ||
                silt_check_file_holds(claim->secret, "\"authorizationUrl\"") ||
                silt_check_file_holds(claim->secret, "\"clientId\"");
    if (fits)
        silt_check_rule(out, true, "runner credentials");
    else
        rule_rest(claim->secret, false, "runner credentials", out);
}

const struct silt_check silt_check_magic_browser = {"file-browser-store", SILT_CHECK_STRUCTURE, run_browser};
const struct silt_check silt_check_magic_wallet = {"file-wallet", SILT_CHECK_STRUCTURE, run_wallet};
const struct silt_check silt_check_magic_login_path = {"file-login-path", SILT_CHECK_STRUCTURE,
                                                       run_login_path};
const struct silt_check silt_check_magic_samba = {"file-samba", SILT_CHECK_STRUCTURE, run_samba};
const struct silt_check silt_check_magic_vnc = {"file-vnc", SILT_CHECK_STRUCTURE, run_vnc};
const struct silt_check silt_check_magic_postmap = {"file-postmap", SILT_CHECK_SHAPE, run_postmap};
const struct silt_check silt_check_magic_dump = {"file-dump", SILT_CHECK_SHAPE, run_dump};
const struct silt_check silt_check_magic_actions = {"file-actions", SILT_CHECK_STRUCTURE, run_actions};
