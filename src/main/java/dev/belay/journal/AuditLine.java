package dev.belay.journal;

import dev.belay.report.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * A line of the audit trail as it is in the file: a record, and behind it the SHA-256 of what
 * stands before it.
 *
 * @param hash of the record, as it is on the line
 * @param lineHash the SHA-256 of the whole line, which the next one repeats
 */
record AuditLine(AuditRecord record, String hash, String lineHash) {
  /** A longer one was not written by Belay. */
  static final int LONGEST_BYTES = 1 << 18;

  private static final String BEFORE_HASH = ",\"hash\":\"";
  private static final String AFTER_HASH = "\"}";
  private static final int HASH_LENGTH = 64;
  private static final int TAIL = BEFORE_HASH.length() + HASH_LENGTH + AFTER_HASH.length();

  /** The bytes of a record's line, without the line end. */
  static byte[] bytes(AuditRecord record) {
    String json = Json.MAPPER.writeValueAsString(record);
    String body = json.substring(0, json.length() - 1);
    String hash = sha256(body.getBytes(StandardCharsets.UTF_8));
    return (body + BEFORE_HASH + hash + AFTER_HASH).getBytes(StandardCharsets.UTF_8);
  }

  /** Reads a line without its line end; empty when it is not as Belay wrote it. */
  static Optional<AuditLine> read(byte[] line) {
    if (line.length <= TAIL || line.length > LONGEST_BYTES) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOf(line, line.length - TAIL);
    String tail = new String(line, line.length - TAIL, TAIL, StandardCharsets.ISO_8859_1);
    String hash = sha256(body);
    if (!tail.equals(BEFORE_HASH + hash + AFTER_HASH)) {
      return Optional.empty();
    }
    try {
      AuditRecord record =
          Json.MAPPER.readValue(new String(body, StandardCharsets.UTF_8) + "}", AuditRecord.class);
      return Optional.of(new AuditLine(record, hash, sha256(line)));
    } catch (JacksonException other) {
      return Optional.empty();
    }
  }

  /**
   * What the note of a cut line has as the hash of the line before: it binds both the cut line and
   * the last whole one.
   *
   * @param previous the hash of the last whole line
   */
  static String mending(String previous, byte[] fragment) {
    byte[] before = previous.getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(before, before.length + fragment.length);
    System.arraycopy(fragment, 0, both, before.length, fragment.length);
    return sha256(both);
  }

  /** In 64 hexadecimal digits. */
  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
