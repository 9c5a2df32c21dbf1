package dev.belay.pgtools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EncryptedFileTest {
  private final Path folder;
  private final Rig.Keys keys;
  private final Path path;

  EncryptedFileTest(@TempDir Path folder) {
    this.folder = folder;
    this.keys = Rig.keys(folder, "belay.key");
    this.path = folder.resolve("dump.age");
  }

  /** Random bytes are stored as they are, so the sizes meet the edges of age's chunks. */
  @Test
  void whatWasWrittenComesBackAtEverySizeAroundTheChunks() throws IOException {
    for (int size = 65_510; size < 65_545; size++) {
      Files.deleteIfExists(path);
      byte[] content = random(size);
      write(content);
      assertThat(read(keys.identity())).as("%d bytes", size).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 131_072, 3_000_000})
  void otherSizesComeBackToo(int size) throws IOException {
    byte[] content = random(size);
    write(content);
    assertThat(read(keys.identity())).isEqualTo(content);
  }

  @Test
  void aFlippedBitAnywhereIsFound() throws IOException {
    write(random(300_000));
    byte[] good = Files.readAllBytes(path);
    Random random = new Random(7);
    for (int round = 0; round < 60; round++) {
      byte[] bad = good.clone();
      bad[round < 20 ? random.nextInt(200) : random.nextInt(bad.length)] ^=
          (byte) (1 << random.nextInt(8));
      Files.write(path, bad);
      assertThatThrownBy(() -> read(keys.identity()))
          .isInstanceOfAny(Failure.class, IOException.class);
    }
  }

  @Test
  void aCutFileIsFoundWhereverItIsCut() throws IOException {
    write(random(300_000));
    byte[] good = Files.readAllBytes(path);
    // After the header's last line and the nonce come chunks of 64 KiB and 16 bytes each.
    String text = new String(good, StandardCharsets.ISO_8859_1);
    int payload = text.indexOf('\n', text.indexOf("\n--- ") + 1) + 1 + 16;
    List<Integer> cuts = new ArrayList<>(List.of(0, 1, 100, good.length / 2, good.length - 1));
    for (int chunks = 0; chunks < 4; chunks++) {
      cuts.add(payload + chunks * 65_552);
    }
    for (int cut : cuts) {
      Files.write(path, Arrays.copyOf(good, cut));
      assertThatThrownBy(() -> read(keys.identity()))
          .as("cut at %d", cut)
          .isInstanceOfAny(Failure.class, IOException.class);
    }
  }

  @Test
  void aWrongKeyIsSomethingElseThanADamagedFile() throws IOException {
    write(random(1000));
    Identity wrong = Rig.keys(folder, "wrong.key").identity();
    Failure failure = catchThrowableOfType(Failure.class, () -> read(wrong));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(failure.message()).contains("no key in " + folder.resolve("wrong.key"));
    Files.write(path, "not an age file".getBytes(StandardCharsets.UTF_8));
    Failure damaged = catchThrowableOfType(Failure.class, () -> read(keys.identity()));
    assertThat(damaged.exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(damaged.message()).contains("damaged");
  }

  @Test
  void anyKeyOfTheIdentityFileMayFit() throws IOException {
    write(random(1000));
    Path all = folder.resolve("all.key");
    Path other = Rig.keys(folder, "other.key").file();
    Path third = Rig.keys(folder, "third.key").file();
    Files.writeString(
        all, Files.readString(other) + Files.readString(keys.file()) + Files.readString(third));
    Files.setPosixFilePermissions(all, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(read(Identity.read(all))).hasSize(1000);
  }

  @Test
  void anExistingFileIsNotTouched() throws IOException {
    Files.writeString(path, "precious");
    assertThatThrownBy(() -> write(random(10))).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(path).hasContent("precious");
  }

  @Test
  void theDigestIsThatOfTheFile() throws Exception {
    DigestChannel.Watch watch = write(random(200_000));
    assertThat(watch.bytes()).isEqualTo(Files.size(path));
    assertThat(watch.digest())
        .isEqualTo(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path))));
  }

  @Test
  void anIdentityThatOthersMayReadIsRefused() throws IOException {
    Files.setPosixFilePermissions(keys.file(), PosixFilePermissions.fromString("rw-r--r--"));
    Failure failure = catchThrowableOfType(Failure.class, keys::identity);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(failure.hint()).isEqualTo("chmod 600 " + keys.file());
  }

  @Test
  void aMissingIdentityNamesItsSetting() {
    Failure none = catchThrowableOfType(Failure.class, () -> Identity.read(Optional.empty()));
    assertThat(none.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(none.message()).contains("identityFile");
    Path missing = folder.resolve("missing.key");
    Failure notThere = catchThrowableOfType(Failure.class, () -> Identity.read(missing));
    assertThat(notThere.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(notThere.message()).contains(missing.toString()).contains("it is not there");
  }

  @Test
  void whatIsNoIdentityIsSaidWithoutShowingIt() throws IOException {
    String key = Files.readAllLines(keys.file()).get(2);
    for (String text :
        List.of("", "# only a comment", "ssh-rsa AAA", key + "Q", key.substring(3))) {
      Files.writeString(keys.file(), text);
      Failure failure = catchThrowableOfType(Failure.class, keys::identity);
      assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(failure.message() + failure.getCause()).doesNotContain(key.substring(20, 40));
    }
  }

  @Test
  void recipientsAreCheckedAndAPrivateKeyIsNotShown() throws IOException {
    assertThat(Recipients.parse(List.of(keys.publicKey(), " " + keys.publicKey() + "\n")).keys())
        .containsExactly(keys.publicKey());
    for (String wrong : List.of("", "age1", "ssh-ed25519 AAAA", keys.publicKey() + "q", "age1é")) {
      Failure failure = catchThrowableOfType(Failure.class, () -> Recipients.parse(List.of(wrong)));
      assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(failure.message()).startsWith("'" + wrong + "' is no age recipient");
    }
    String key = Files.readAllLines(keys.file()).get(2);
    Failure failure = catchThrowableOfType(Failure.class, () -> Recipients.parse(List.of(key)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.message() + failure.hint()).doesNotContain(key.substring(20, 40));
  }

  private DigestChannel.Watch write(byte[] content) throws IOException {
    DigestChannel.Watch watch = new DigestChannel.Watch();
    Recipients recipients = Recipients.parse(List.of(keys.publicKey()));
    try (OutputStream out = new EncryptedFile(path).create(recipients, 3, watch)) {
      out.write(content);
    }
    return watch;
  }

  private byte[] read(Identity identity) throws IOException {
    try (InputStream in = new EncryptedFile(path).open(identity)) {
      return in.readAllBytes();
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
