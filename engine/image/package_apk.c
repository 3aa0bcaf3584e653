/*
 * package_apk.c: apk's database of what is installed (apk-tools 2; wiki.alpinelinux.org, "Apk spec"): stanzas
 * of lines with a letter each: P name, V version, F directory, R file in it, Z checksum of that file's
 * content ("Q1": SHA-1, "Q2": SHA-256, in base64).
 */
#include "image/package_base64.h"
#include "image/package_reader.h"

static bool is_installed(struct silt_span path)
{
    return silt_span_is_text(path, "lib/apk/db/installed") ||
           silt_span_is_text(path, "usr/lib/apk/db/installed");
}

/* The file whose R came last, which may have had no Z. */
static void put_file(struct silt_package_reading *reading, enum silt_package_fact_kind kind,
                     struct silt_span checksum)
{
    if (reading->file.size > 0)
        silt_package_reader_put_file(reading, silt_buffer_span(&reading->directory),
                                     silt_buffer_span(&reading->file), kind, checksum);
    reading->file.size = 0;
}

static void put_plain_file(struct silt_package_reading *reading)
{
    put_file(reading, SILT_PACKAGE_FILE, (struct silt_span){NULL, 0});
}

static void put_sum(struct silt_package_reading *reading, struct silt_span text)
{
    uint8_t sum[SILT_SHA256_SIZE];
    struct silt_span base64 = silt_span_slice(text, 2, text.size);
    if (silt_span_has_prefix(text, "Q1") && silt_package_base64_decode(base64, sum, SILT_SHA1_SIZE))
        put_file(reading, SILT_PACKAGE_SHA1, silt_span_of(sum, SILT_SHA1_SIZE));
    else if (silt_span_has_prefix(text, "Q2") && silt_package_base64_decode(base64, sum, SILT_SHA256_SIZE))
        put_file(reading, SILT_PACKAGE_SHA256, silt_span_of(sum, SILT_SHA256_SIZE));
    else
        put_plain_file(reading);
}

static void end_stanza(struct silt_package_reading *reading)
{
    put_plain_file(reading);
    reading->name.size = reading->directory.size = 0;
    reading->package = SILT_PACKAGE_NONE;
}

static void put_line(struct silt_package_reading *reading, struct silt_span line)
{
    struct silt_span value = silt_span_slice(line, 2, line.size);
    if (line.size < 2 || line.data[1] != ':') {
        if (line.size == 0)
            end_stanza(reading);
        return;
    }
    switch (line.data[0]) {
    case 'P':
        end_stanza(reading);
        silt_package_reader_keep(reading, &reading->name, value);
        break;
    case 'V':
        silt_package_reader_put_name(reading, silt_buffer_span(&reading->name), value);
        break;
    case 'F':
        put_plain_file(reading);
        silt_package_reader_keep(reading, &reading->directory, value);
        break;
    case 'R':
        put_plain_file(reading);
        silt_package_reader_keep(reading, &reading->file, value);
        break;
    case 'Z':
        put_sum(reading, value);
        break;
    default:
        break;
    }
}

const struct silt_package_format silt_package_apk_installed = {
    .manager = SILT_PACKAGE_APK, .is_record = is_installed, .put = put_line};
