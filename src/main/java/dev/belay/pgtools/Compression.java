package dev.belay.pgtools;

import dev.belay.core.Failure;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a dump is compressed, as pg_dump writes it: {@code auto}, {@code none}, {@code gzip:1},
 * {@code zstd:3}, {@code lz4}.
 *
 * @param level empty: the codec's own default
 */
public record Compression(Codec codec, OptionalInt level) {
  /** What the bytes go through. */
  public enum Codec {
    /** The fastest good one that the tool has. */
    AUTO(0),
    /** Nothing. */
    NONE(0),
    /** Every pg_dump has it. */
    GZIP(9),
    /** pg_dump 16 and newer. */
    LZ4(12),
    /** pg_dump 16 and newer; for encrypted backups always. */
    ZSTD(19);

    private final int highest;

    Codec(int highest) {
      this.highest = highest;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The first pg_dump with other codecs than gzip. */
  private static final int CODECS_SINCE = 16;

  private static final int ENCRYPTED_LEVEL = 3;
  private static final Pattern TEXT = Pattern.compile("([a-z0-9]+)(?::(\\d{1,3}))?");
  private static final String HINT = "use auto, none, gzip:1 to gzip:9, zstd:1 to zstd:19, or lz4";

  /**
   * Reads the setting {@code compress}.
   *
   * @throws Failure USAGE when it is none of those
   */
  public static Compression parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      for (Codec codec : Codec.values()) {
        if (codec.toString().equals(matcher.group(1))) {
          return of(text, codec, matcher.group(2));
        }
      }
    }
    throw Failure.usage("'" + text + "' is no compression", HINT);
  }

  private static Compression of(
      String text, Codec codec, @org.jspecify.annotations.Nullable String level) {
    if (level == null) {
      return new Compression(codec, OptionalInt.empty());
    }
    int number = Integer.parseInt(level);
    if (number < 1 || number > codec.highest) {
      throw Failure.usage(
          codec.highest == 0
              ? "'" + text + "' is no compression: " + codec + " has no level"
              : "'"
                  + text
                  + "' is no compression: "
                  + codec
                  + " has the levels 1 to "
                  + codec.highest,
          HINT);
    }
    return new Compression(codec, OptionalInt.of(number));
  }

  /**
   * What a plain dump by that tool uses.
   *
   * @throws Failure USAGE when the tool does not have the codec
   */
  public Compression forTool(Tool tool) {
    boolean all = tool.major() >= CODECS_SINCE;
    if (codec == Codec.AUTO) {
      return new Compression(all ? Codec.ZSTD : Codec.GZIP, OptionalInt.of(1));
    }
    if (!all && (codec == Codec.ZSTD || codec == Codec.LZ4)) {
      throw Failure.usage(
          tool + " cannot compress with " + codec + ", which needs pg_dump 16 or newer",
          "use --compress gzip:1 or --compress none");
    }
    return this;
  }

  /**
   * What an encrypted dump uses: zstd, which Belay does itself, unless another codec is asked for.
   *
   * @throws Failure USAGE when the tool does not have the codec that is asked for
   */
  public Compression forEncrypted(Tool tool) {
    if (codec == Codec.AUTO || codec == Codec.ZSTD) {
      return new Compression(Codec.ZSTD, OptionalInt.of(level.orElse(ENCRYPTED_LEVEL)));
    }
    return forTool(tool);
  }

  /** The option of pg_dump; only after {@link #forTool}. */
  List<String> arguments(Tool tool) {
    if (tool.major() >= CODECS_SINCE) {
      return List.of("--compress=" + this);
    }
    int number = codec == Codec.NONE ? 0 : level.orElse(6);
    return List.of("--compress=" + number);
  }

  /** The form that {@link #parse} reads. */
  @Override
  public String toString() {
    return level.isPresent() ? codec + ":" + level.getAsInt() : codec.toString();
  }
}
