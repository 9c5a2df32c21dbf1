package dev.belay.dataset;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.belay.core.Failure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * How an export is compressed.
 *
 * @param method none, gzip or zstd
 * @param level the method's own; 0 for none
 */
public record ExportCompression(String method, int level) {
  /** Not at all. */
  public static final ExportCompression NONE = new ExportCompression("none", 0);

  private static final Pattern FORM = Pattern.compile("(none|gzip|zstd)(?::(\\d{1,2}))?");
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int GZIP_FAST = 1;
  private static final int ZSTD_FAST = 3;

  /**
   * Reads {@code none}, {@code gzip}, {@code gzip:1} to {@code gzip:9}, {@code zstd}, {@code
   * zstd:1} to {@code zstd:19}.
   *
   * @throws Failure USAGE when it is none of these
   */
  public static ExportCompression parse(String text) {
    Matcher parts = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw unknown(text);
    }
    String method = parts.group(1);
    int most = method.equals("gzip") ? 9 : method.equals("zstd") ? 19 : 0;
    int usual = method.equals("gzip") ? GZIP_FAST : method.equals("zstd") ? ZSTD_FAST : 0;
    int level = parts.group(2) == null ? usual : Integer.parseInt(parts.group(2));
    if (level > most || (most > 0 && level < 1)) {
      throw unknown(text);
    }
    return new ExportCompression(method, level);
  }

  private static Failure unknown(String text) {
    return Failure.usage(
        "an export cannot be compressed by '" + text + "'",
        "use none, gzip, gzip:1 to gzip:9, zstd, or zstd:1 to zstd:19");
  }

  /** Whether the file is smaller than its text. */
  public boolean compresses() {
    return level > 0;
  }

  /** What the file's name ends in after its form: empty, {@code .gz} or {@code .zst}. */
  public String ending() {
    return switch (method) {
      case "gzip" -> ".gz";
      case "zstd" -> ".zst";
      default -> "";
    };
  }

  /** A stream whose end, when it is closed, is also in {@code file}; that one is closed with it. */
  OutputStream into(OutputStream file) throws IOException {
    return switch (method) {
      case "gzip" -> new LeveledGzip(new BufferedOutputStream(file, BUFFER_BYTES), level);
      case "zstd" ->
          new ZstdOutputStreamNoFinalizer(new BufferedOutputStream(file, BUFFER_BYTES), level)
              .setChecksum(true)
              .setWorkers(1);
      default -> file;
    };
  }

  /** The JDK's has no parameter for the level. */
  private static final class LeveledGzip extends GZIPOutputStream {
    LeveledGzip(OutputStream out, int level) throws IOException {
      super(out, BUFFER_BYTES);
      def.setLevel(level);
    }
  }

  @Override
  public String toString() {
    return compresses() ? method + ":" + level : method;
  }
}
