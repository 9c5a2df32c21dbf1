package dev.belay.notify;

import dev.belay.core.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS that trusts the certificates in a PEM file and no others. */
final class Trust {
  private Trust() {}

  /**
   * Looks whether a file has certificates in it.
   *
   * @throws Failure USAGE when it has none, or cannot be read
   */
  static Path checked(Path file, String where) {
    try {
      certificates(file);
      return file;
    } catch (IOException | GeneralSecurityException unusable) {
      throw Failure.usage(
          "%s: there is no certificate in PEM form to be read in %s".formatted(where, file),
          "name the file of the certificate that signed the server's");
    }
  }

  /**
   * TLS for one connection.
   *
   * @throws Undelivered when the file cannot be used any more
   */
  static SSLContext context(Path file) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate each : certificates(file)) {
        trusted.setCertificateEntry("trusted" + number++, each);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException unusable) {
      throw Undelivered.forGood("rootCert " + file + " cannot be read");
    }
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream pem = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(pem);
      if (found.isEmpty()) {
        throw new GeneralSecurityException("empty");
      }
      return found;
    }
  }
}
