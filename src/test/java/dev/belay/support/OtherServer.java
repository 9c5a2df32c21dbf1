package dev.belay.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes a backup one of a database of the same name on another server. */
public final class OtherServer {
  private OtherServer() {}

  /**
   * Changes the manifest, with a checksum that fits.
   *
   * @param backup its folder
   */
  public static void give(Path backup) throws IOException {
    Path manifest = backup.resolve("manifest.json");
    String was = Files.readString(manifest);
    String text =
        was.replaceFirst("(\"systemIdentifier\"\\s*:\\s*\")\\d+\"", "$17000000000000000001\"");
    if (text.equals(was)) {
      throw new IllegalStateException("no server is in " + manifest);
    }
    Files.writeString(manifest, text);
    Files.writeString(backup.resolve("manifest.json.sha256"), sha256(text) + "  manifest.json\n");
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
