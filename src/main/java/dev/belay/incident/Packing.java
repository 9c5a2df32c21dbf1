package dev.belay.incident;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Units;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts things into an archive, one after the other. What cannot be read, or is longer than it was,
 * is left out and named, and the rest goes on: only a disk that takes nothing is a failure.
 */
final class Packing implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Packing.class);

  private final String root;
  private final long maxBytes;
  private final List<String> missing;
  private final Staging staging;
  private final Archive archive;
  private final List<BundleReport.Content> contents = new ArrayList<>();
  private long bytes;

  /**
   * @param file whose name says which form it has
   * @param root folder that all of it is in
   * @param maxBytes of all contents
   * @param missing is told what was left out
   */
  Packing(Path file, OutputStream into, String root, long maxBytes, List<String> missing)
      throws IOException {
    this.root = root;
    this.maxBytes = maxBytes;
    this.missing = missing;
    this.staging = new Staging(NewFile.sibling(file, ".staged"));
    this.archive = isZip(file) ? new ZipArchive(into) : new TarArchive(into);
  }

  static boolean isZip(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  /** What is in it, in the order of the names. */
  List<BundleReport.Content> contents() {
    return contents.stream().sorted(Comparator.comparing(BundleReport.Content::name)).toList();
  }

  /** Adds it, as far as there is room. */
  void add(Item item) throws IOException {
    add(item, Math.max(0, maxBytes - bytes));
  }

  /** Adds it even so: without it nobody would know what the rest is. */
  void addAnyway(Item item) throws IOException {
    add(item, Long.MAX_VALUE);
  }

  private void add(Item item, long left) throws IOException {
    long size;
    try {
      size =
          staging.put(
              item.content(), left, "all would be more than %s".formatted(Units.bytes(maxBytes)));
    } catch (IOException | RuntimeException broken) {
      missing.add("%s is left out: %s".formatted(item.name(), why(broken)));
      return;
    }
    bytes += size;
    archive.add(root + "/" + item.name(), item.modified(), size, staging.content());
    contents.add(
        new BundleReport.Content(
            item.name(), item.what(), size, item.modified(), sha256(staging.content())));
  }

  /**
   * Why something could not be had, in words.
   *
   * @throws IOException when it is not that, but the bundle itself that cannot be written
   */
  private static String why(Exception broken) throws IOException {
    for (Throwable each = broken; each != null; each = each.getCause()) {
      if (each instanceof Staging.Unwritable disk) {
        throw disk;
      }
      if (each instanceof Staging.TooLong) {
        return String.valueOf(each.getMessage());
      }
    }
    if (broken instanceof IOException cannot) {
      return "it could not be read: " + DurableFiles.reason(cannot);
    }
    if (broken instanceof UncheckedIOException cannot && cannot.getCause() != null) {
      return "it could not be read: " + DurableFiles.reason(cannot.getCause());
    }
    LOG.warn("what could not be put into the bundle", broken);
    return "it could not be read: " + broken;
  }

  private static String sha256(InputStream content) throws IOException {
    try {
      DigestInputStream in = new DigestInputStream(content, MessageDigest.getInstance("SHA-256"));
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  @Override
  public void close() throws IOException {
    try (staging) {
      archive.close();
    }
  }
}
