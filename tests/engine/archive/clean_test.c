/* Tars as real tools write them: nothing may be called hidden or damaged. */
#include "maker.h"
#include "tar_maker.h"

#include "recorder.h"

#define TREE                                                                                                 \
    "mkdir -p t/deep/er; echo one > t/one; echo two > t/deep/two; ln -s one t/link; ln t/one t/hard;"        \
    "n=$(printf '%0200d' 7); mkdir -p t/$n; echo long > t/$n/$n; ln -s $n/$n t/longlink; mkfifo t/pipe;"     \
    "printf 'e\\303\\251' > t/$(printf 'caf\\351'); : > t/empty; ln t/$n/$n t/longhard;"

static void expect_clean(const char *script, bool has_long_names)
{
    struct silt_buffer tar = make(script);
    struct recording *recording = record_tar(&tar);
    cr_expect_eq(recording->status, SILT_END);
    cr_expect_eq(recording->skip_count, 0, "%s: %s", script,
                 recording->skip_count > 0 ? recording->skips[0].detail : "");
    cr_expect(has_marker(recording, "one\n"), "%s", script);
    cr_expect(record_is(find_record(recording, "t/deep/two"), "two\n"), "%s", script);
    cr_expect(record_is(find_record(recording, "t/caf\xe9"), "e\xc3\xa9"), "%s", script);
    cr_expect(!has_long_names || has_marker(recording, "long\n"), "%s", script);
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(clean, gnu_tar)
{
    expect_clean(TREE "tar --format=gnu -cf out t", true);
    expect_clean(TREE "tar --format=oldgnu -cf out t", true);
    expect_clean(TREE "tar --format=posix -cf out t", true);
    expect_clean(TREE "tar --format=posix --xattrs --acls --selinux -cf out t", true);
    expect_clean(TREE "tar --format=ustar -cf out --ignore-failed-read t || true", false);
    expect_clean(TREE "tar --format=v7 -cf out --ignore-failed-read t || true", false);
    expect_clean(TREE "tar --format=gnu -b 1 -cf out t", true);
    expect_clean(TREE "tar --format=gnu -V label -cf out t", true);
}

Test(clean, gnu_tar_incremental)
{
    struct silt_buffer tar = make(TREE "tar --format=gnu -g snapshot -cf out t");
    struct recording *recording = record_tar(&tar);
    cr_expect_eq(recording->skip_count, 0);
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(clean, python)
{
    expect_clean(
        TREE
        "python3 -c 'import tarfile; t=tarfile.open(\"out\",\"w\",format=tarfile.PAX_FORMAT); t.add(\"t\")'",
        true);
    expect_clean(TREE "python3 -c 'import tarfile; t=tarfile.open(\"out\",\"w\",format=tarfile.GNU_FORMAT); "
                      "t.add(\"t\"); t.close()'",
                 true);
}

Test(clean, bsdtar)
{
    expect_clean("command -v bsdtar || exit 77; " TREE "bsdtar --format=pax -cf out t", true);
    expect_clean("command -v bsdtar || exit 77; " TREE "bsdtar --format=gnutar -cf out t", true);
}

#define SPARSE                                                                                               \
    "python3 -c '\n"                                                                                         \
    "f=open(\"s\",\"wb\")\n"                                                                                 \
    "for i in range(40): f.seek(i*300000); f.write(b\"MARK%04d\" % i * 1000)\n"                              \
    "f.truncate(1<<40)';"

static void expect_sparse(const char *script)
{
    struct silt_buffer tar = make(script);
    struct recording *recording = record_tar(&tar);
    cr_expect_eq(recording->skip_count, 0, "%s: %s", script, recording->skips[0].detail);
    const struct record *record = find_record(recording, "s");
    cr_assert_not_null(record);
    cr_expect_leq(record->content.size, 1000 * 1000);
    for (int i = 0; i < 40; i++) {
        char mark[24];
        snprintf(mark, sizeof mark, "MARK%04dMARK%04d", i, i);
        cr_expect(has_marker(recording, mark), "%s: %s is lost", script, mark);
    }
    recording_free(recording);
    silt_buffer_clear(&tar);
}

/* A terabyte of holes is not looped over. */
Test(clean, sparse)
{
    expect_sparse(SPARSE "tar -S --format=oldgnu -cf out s");
    expect_sparse(SPARSE "tar -S --format=gnu -cf out s");
    expect_sparse(SPARSE "tar -S --format=posix --sparse-version=0.0 -cf out s");
    expect_sparse(SPARSE "tar -S --format=posix --sparse-version=0.1 -cf out s");
    expect_sparse(SPARSE "tar -S --format=posix --sparse-version=1.0 -cf out s");
}

/* Where blocks of content are cut must not matter: same entries, same raw bytes. */
Test(clean, pieces_make_no_difference)
{
    for (unsigned seed = 1; seed <= 12; seed++) {
        struct silt_buffer tar = {0};
        unsigned random = seed;
        for (int i = 0; i < 40; i++) {
            char name[32];
            static uint8_t body[40000];
            size_t size = (size_t)rand_r(&random) % (i % 5 == 0 ? sizeof body : 2000);
            for (size_t k = 0; k < size; k++)
                body[k] = (uint8_t)("abc\n"[rand_r(&random) % 4]);
            snprintf(name, sizeof name, "file-%d%s", i, i % 11 == 7 ? "/" : "");
            if (i % 3 == 0)
                tar_pax(&tar, 'x', "comment", (const char *)body, size % 3000);
            tar_header(&tar, name, i % 7 == 6 ? '5' : '0', size);
            tar_body(&tar, body, size);
        }
        tar_end(&tar);
        struct recording *whole = record_tar(&tar);
        struct record_options options = {.root = SILT_WALK_TAR, .seed = seed};
        struct recording *pieces = record_walk(silt_buffer_span(&tar), &options);
        cr_expect_eq(whole->count, pieces->count);
        cr_expect(silt_span_equal(silt_buffer_span(&whole->all), silt_buffer_span(&pieces->all)), "seed %u",
                  seed);
        cr_expect_eq(whole->skip_count, pieces->skip_count);
        recording_free(whole);
        recording_free(pieces);
        silt_buffer_clear(&tar);
    }
}
