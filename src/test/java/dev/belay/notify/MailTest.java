package dev.belay.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.belay.support.Certificate;
import dev.belay.support.Cli;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail to servers that take it, and to such as do not. */
class MailTest {
  private static final String LOOPBACK = "127.0.0.1";

  @TempDir Path folder;
  private Desk desk;
  private GreenMail mail;

  @BeforeEach
  void start() {
    mail = new GreenMail(new ServerSetup(0, LOOPBACK, ServerSetup.PROTOCOL_SMTP));
    mail.start();
    desk = new Desk(folder);
  }

  @AfterEach
  void stop() {
    mail.stop();
    desk.close();
  }

  private void configured(int port, String more) {
    desk.configured(
        """
        channels:
          mail:
            type: email
            host: 127.0.0.1
            port: %d
            from: "Belay <belay@example.org>"
            to: [dba@example.org, "Boss <boss@example.org>"]
            timeout: 1s
            pause: 1ms
        """
                .formatted(port)
            + more.indent(4));
  }

  private Cli.Result send(int status, String message) {
    return desk.cli().expect(status, "send-notification", "migration_failed", "-m", message);
  }

  @Test
  void aMailIsTextWithASubjectThatNobodyCanMakeHeadersOf() throws Exception {
    configured(mail.getSmtp().getPort(), "tls: none");

    desk.cli()
        .expect(
            0,
            "send-notification",
            "migration_failed",
            "-m",
            "Täble 'x'\rBcc: evil@example.org; drop table",
            "--fact",
            "Impact=one\r\nBcc: evil@example.org");

    MimeMessage[] received = mail.getReceivedMessages();
    assertThat(received).hasSize(2);
    assertThat(received[0].getSubject())
        .startsWith("[ERROR] URGENT: orders@127.0.0.1:1: Täble 'x'");
    assertThat(received[0].getHeader("Bcc")).isNull();
    assertThat(received[0].getAllRecipients()).hasSize(2);
    assertThat(received[0].getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(received[0].getHeader("References")).hasSize(1);
    assertThat(received[0].getContent().toString())
        .contains("Issue: Täble 'x'")
        .contains("Impact: one")
        .contains("Incident commander: not named");
    assertThat(received[0].getMessageID()).endsWith("@belay>");
  }

  @Test
  void userAndPasswordAreUsedWhereThatIsAllowed() {
    mail.setUser("belay", "p4ssw0rd");
    mail.getUserManager().setAuthRequired(true);
    configured(
        mail.getSmtp().getPort(),
        "tls: none\nuser: belay\npassword: p4ssw0rd\nallowPlaintext: true\n");

    send(0, "failed");

    assertThat(mail.getReceivedMessages()).hasSize(2);
  }

  @Test
  void aWrongPasswordIsSaidAndNotTriedAgain() {
    mail.setUser("belay", "p4ssw0rd");
    mail.getUserManager().setAuthRequired(true);
    configured(
        mail.getSmtp().getPort(),
        "tls: none\nuser: belay\npassword: wr0ngCANARY\nallowPlaintext: true\n");

    Cli.Result result = send(12, "failed");

    assertThat(result.out())
        .contains("127.0.0.1:" + mail.getSmtp().getPort() + " does not accept user and password")
        .doesNotContain("tries");
    assertThat(result.out() + result.err() + desk.file("belay.log")).doesNotContain("CANARY");
  }

  @Test
  void aServerWithoutStarttlsGetsNothing() {
    configured(mail.getSmtp().getPort(), "user: belay\npassword: p4ssw0rd\n");

    Cli.Result result = send(12, "failed");

    assertThat(result.out()).contains("has no STARTTLS, and nothing is sent to it without");
    assertThat(mail.getReceivedMessages()).isEmpty();
  }

  @Test
  void aPasswordIsNotSentInPlainUnlessThatIsAllowed() {
    configured(mail.getSmtp().getPort(), "tls: none\nuser: belay\npassword: p4ssw0rd\n");

    Cli.Result result = send(2, "failed");

    assertThat(result.err())
        .contains("belay.yaml:")
        .contains("channel mail would send its password without encryption");
    assertThat(mail.getReceivedMessages()).isEmpty();
  }

  @Test
  void aServerThatIsNotThereIsTriedThreeTimes() {
    configured(1, "tls: none");

    assertThat(send(12, "failed").out()).contains("127.0.0.1:1 refuses the connection (3 tries)");
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      configured(silent.getLocalPort(), "tls: none\nretries: 1\n");
      long begin = System.nanoTime();

      Cli.Result result = send(12, "failed");

      assertThat(result.out()).contains("no answer from 127.0.0.1:" + silent.getLocalPort());
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void aServerThatDripsIsGivenUp() throws Exception {
    try (Dripping server = new Dripping("220-" + "hello ".repeat(1_000))) {
      configured(server.port(), "tls: none\nretries: 1\n");
      long begin = System.nanoTime();

      Cli.Result result = send(12, "failed");

      assertThat(result.out()).contains("no answer from 127.0.0.1:" + server.port());
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void starttlsIsUsedWhereTheCertificateIsTrusted() throws Exception {
    Certificate certificate = Certificate.make(folder, "smtp", "localhost");
    try (StartTlsServer server = new StartTlsServer(folder.resolve("smtp.p12"), false)) {
      configured(
          server.port(),
          "user: belay\npassword: p4ssw0rd\nrootCert: " + certificate.certificate() + "\n");
      localhost();

      send(0, "failed");

      assertThat(server.plain()).contains("EHLO", "STARTTLS").doesNotContain("AUTH", "DATA");
      assertThat(server.encrypted())
          .contains("AUTH PLAIN", "MAIL FROM:<belay@example.org>", "DATA");
    }
  }

  @Test
  void tlsFromTheFirstByteIsUsedWhereTheCertificateIsTrusted() throws Exception {
    Certificate certificate = Certificate.make(folder, "smtp", "localhost");
    try (StartTlsServer server = new StartTlsServer(folder.resolve("smtp.p12"), true)) {
      configured(server.port(), "tls: tls\nrootCert: " + certificate.certificate() + "\n");
      localhost();

      send(0, "failed");

      assertThat(server.plain()).isEmpty();
      assertThat(server.encrypted()).contains("MAIL FROM:<belay@example.org>", "DATA");
    }
  }

  @Test
  void aCertificateThatNobodySignedIsRefused() throws Exception {
    Certificate.make(folder, "smtp", "localhost");
    try (StartTlsServer server = new StartTlsServer(folder.resolve("smtp.p12"), false)) {
      configured(server.port(), "user: belay\npassword: p4ssw0rd\n");
      localhost();

      Cli.Result result = send(12, "failed");

      assertThat(result.out()).contains("TLS with localhost:" + server.port() + " fails");
      assertThat(server.encrypted()).isEmpty();
    }
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    Certificate certificate = Certificate.make(folder, "smtp", "elsewhere.example.org");
    try (StartTlsServer server = new StartTlsServer(folder.resolve("smtp.p12"), false)) {
      configured(
          server.port(),
          "user: belay\npassword: p4ssw0rd\nrootCert: " + certificate.certificate() + "\n");
      localhost();

      Cli.Result result = send(12, "failed");

      assertThat(result.out()).contains("TLS with localhost:" + server.port() + " fails");
      assertThat(server.encrypted()).isEmpty();
    }
  }

  /** The certificate is for a name. */
  private void localhost() throws IOException {
    Path file = folder.resolve("belay.yaml");
    Files.writeString(file, Files.readString(file).replace("host: 127.0.0.1", "host: localhost"));
  }
}
