/*
 * record.h: the result of a layer as bytes, for the layer cache, and back.
 *
 * It holds everything that a report tells, and no secret: of each only its redacted form, its size and its
 * keyed hash. The form, version 2 (numbers and spans as in pack.h; all in this order):
 *
 *   version, size as stored, flags (1 bare, 2 complete, 4 diff_id known, 8 a footprint follows)
 *   digest, diff_id: 32 bytes each
 *   entries, bytes, bytes scanned, archives, depth
 *   count of spots; each: flags (1 raw bytes, 2 checksums), chain, path, path as it stands in the archive;
 *     the beginnings (8 bytes each) of MD5, SHA-1, SHA-256 of the file if there are checksums
 *   count of hits; each: spot, signature (its index), severity, confidence, validation, detail, score
 *     (8 bytes, IEEE 754, lowest first), key (16 bytes), redacted form, size, offset, line, column, decoding
 *     ("": none), mate (its index plus 1, 0: none)
 *   count of skips; each: reason, chain, path, bytes, detail
 *   count of aliases; each: target, path
 *   count of packages; each: manager, name, version
 *   count of facts (image/packages.h); each: path and value (8 bytes, lowest first), package (index), kind
 *   count of marks; each: 8 bytes, lowest first, ascending
 *
 * A chain is its count and its spans. The signature's index means something only together with the ruleset's
 * digest, which is part of the key that a record is kept under.
 */
#ifndef SILT_SCAN_RECORD_H
#define SILT_SCAN_RECORD_H

#include "scan/pack.h"
#include "scan/result.h"

/* Goes into keys as well: another form is another key. */
enum { SILT_RECORD_VERSION = 3 };

/* Whether the result may be kept: it is what these bytes come to in every run, and it can be told without a
 * secret. Not so if time, memory or a read failure played a part, if the bytes were not what was promised, or
 * if the name of a file holds a secret. */
bool silt_record_is_lasting(const struct silt_result *result);

/* Writes a lasting result. */
void silt_record_print(const struct silt_result *result, struct silt_pack *out);

/* Reads one; nobody vouches for the bytes. CORRUPT if they are no record over that many signatures, MEMORY.
 * Free it with silt_result_free. */
SILT_MUST_USE enum silt_status silt_record_parse(struct silt_span bytes, size_t signature_count,
                                                 struct silt_result **out, struct silt_error *error);

#endif
