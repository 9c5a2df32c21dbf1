package dev.belay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Tls;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsRulesTest {
  private Machine machine;

  @BeforeEach
  void makeMachine(@TempDir Path root) {
    machine = new Machine(root).with("PGHOST", "db1").with("PGDATABASE", "d");
  }

  private Tls tls() {
    return machine.target().tls();
  }

  @Test
  void prefersEncryptionByDefault() {
    assertThat(tls()).isEqualTo(Tls.PREFER);
  }

  @Test
  void readsModeAndFilesFromLibpqsVariables() {
    machine
        .file("ca.crt", "")
        .file("me.crt", "")
        .file("me.key", "")
        .with("PGSSLMODE", "verify-full")
        .with("PGSSLROOTCERT", "ca.crt")
        .with("PGSSLCERT", "me.crt")
        .with("PGSSLKEY", "me.key");

    assertThat(tls())
        .isEqualTo(
            new Tls(
                "verify-full",
                Optional.of(machine.work.resolve("ca.crt").toString()),
                Optional.of(machine.work.resolve("me.crt").toString()),
                Optional.of(machine.work.resolve("me.key").toString())));
  }

  @Test
  void raisesRequireToVerifyCaWhereThereIsARootCertificate() {
    machine.with("PGSSLMODE", "require");
    assertThat(tls().mode()).isEqualTo("require");

    machine.homeFile(".postgresql/root.crt", "");

    assertThat(tls().mode()).isEqualTo("verify-ca");
    assertThat(tls().rootCertificate())
        .contains(machine.home.resolve(".postgresql/root.crt").toString());
    assertThat(machine.setting("sslmode").source()).startsWith("PGSSLMODE: require with");
  }

  @Test
  void usesTheStandardClientCertificateAsLibpqDoes() {
    machine.homeFile(".postgresql/postgresql.crt", "").homeFile(".postgresql/postgresql.key", "");

    assertThat(tls().certificate()).isPresent();
    assertThat(tls().key()).isPresent();
  }

  @Test
  void refusesAModeThereIsNot() {
    machine.with("PGSSLMODE", "verify");

    assertThatThrownBy(machine::load)
        .hasMessageContaining("PGSSLMODE")
        .hasMessageContaining("none of");
  }

  @Test
  void refusesToVerifyAgainstNothing() {
    machine.with("PGSSLMODE", "verify-full");
    assertThatThrownBy(machine::load).hasMessageContaining("needs a root certificate");

    machine.with("PGSSLROOTCERT", "missing.crt");
    assertThatThrownBy(machine::load).hasMessageContaining("missing.crt does not exist");
  }

  @Test
  void refusesTheSystemsCertificatesAndPkcs12() {
    machine.with("PGSSLROOTCERT", "system");
    assertThatThrownBy(machine::load).hasMessageContaining("sslrootcert=system");

    machine.with("PGSSLROOTCERT", "").file("me.crt", "").file("me.p12", "");
    machine.with("PGSSLCERT", "me.crt").with("PGSSLKEY", "me.p12");
    assertThatThrownBy(machine::load).hasMessageContaining("PKCS #12");
  }

  @Test
  void doesNotAskForCertificatesOnASocket() {
    machine.with("PGHOST", "/tmp/s").with("PGSSLMODE", "verify-full");

    assertThat(machine.target().isUnixSocket()).isTrue();
  }
}
