package dev.belay.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A self-signed certificate and its key as PEM files, made by the JDK's own keytool. */
public record Certificate(Path certificate, Path key) {
  private static final char[] STORE_PASSWORD = "changeit".toCharArray();

  /**
   * Makes {@code <name>.crt} and {@code <name>.key} (mode 0600) in the folder.
   *
   * @param commonName the host name of a server, or the role of a client
   */
  public static Certificate make(Path folder, String name, String commonName) {
    Path store = folder.resolve(name + ".p12");
    try {
      keytool(store, commonName);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream file = Files.newInputStream(store)) {
        keys.load(file, STORE_PASSWORD);
      }
      Path certificate = folder.resolve(name + ".crt");
      Path key = folder.resolve(name + ".key");
      Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("belay").getEncoded()));
      Files.createFile(
          key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(key, pem("PRIVATE KEY", keys.getKey("belay", STORE_PASSWORD).getEncoded()));
      return new Certificate(certificate, key);
    } catch (IOException | GeneralSecurityException cannot) {
      throw new IllegalStateException(cannot);
    }
  }

  private static void keytool(Path store, String commonName) throws IOException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Programs.run(
        keytool.toString(),
        "-genkeypair",
        "-alias",
        "belay",
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-validity",
        "2",
        "-dname",
        "CN=" + commonName,
        "-ext",
        "san=dns:" + commonName,
        "-ext",
        "bc:c=ca:true",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        new String(STORE_PASSWORD));
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), kind);
  }
}
