package dev.belay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.report.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupStateTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  private final Path folder;

  BackupStateTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static BackupState proven() {
    return BackupState.unproven()
        .with(Proof.of(Level.CHECKSUMMED, AT))
        .with(Proof.of(Level.READABLE, AT))
        .with(restored(AT));
  }

  private static Proof restored(Instant at) {
    return new Proof(
        Level.RESTORED,
        at,
        Optional.of(4200L),
        Optional.of(7L),
        Optional.of("15.3"),
        Optional.of(2));
  }

  private void write(byte[] bytes) throws IOException {
    Files.write(folder.resolve(BackupState.FILE), bytes);
  }

  @Test
  void comesBackAsItWas() throws IOException {
    for (BackupState state :
        List.of(BackupState.unproven(), proven(), new BackupState(true, proven().proofs()))) {
      write(state.text().getBytes(StandardCharsets.UTF_8));

      assertThat(BackupState.read(folder)).isEqualTo(state);
    }
  }

  @Test
  void everyFlippedBitIsDamage() throws IOException {
    byte[] good = proven().text().getBytes(StandardCharsets.UTF_8);
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertDamaged(bad, "bit " + bit);
    }
  }

  @Test
  void everyOtherLengthIsDamage() throws IOException {
    byte[] good = proven().text().getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < good.length; length++) {
      assertDamaged(Arrays.copyOf(good, length), "cut to " + length);
    }
    for (String more : List.of(" ", "\n", "\0", "{}", "\n{}\n")) {
      byte[] longer =
          (new String(good, StandardCharsets.UTF_8) + more).getBytes(StandardCharsets.UTF_8);
      assertDamaged(longer, "with " + more);
    }
  }

  private void assertDamaged(byte[] bytes, String how) throws IOException {
    write(bytes);
    assertThatThrownBy(() -> BackupState.read(folder), how)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(BackupState.FILE);
  }

  @Test
  void whatIsSealedButNotOfThisFormIsRefusedInWords() throws IOException {
    for (String content :
        List.of(
            "{}",
            "[]",
            "null",
            "{\"pinned\":true}",
            "{\"pinned\":true,\"proofs\":null}",
            "{\"pinned\":true,\"proofs\":[null]}",
            "{\"pinned\":true,\"proofs\":[{\"level\":\"READABLE\"}]}",
            "{\"pinned\":true,\"proofs\":[{\"level\":\"PERFECT\",\"at\":\"2026-01-02T03:04:05Z\"}]}",
            "{\"pinned\":true,\"pinned\":false,\"proofs\":[]}")) {
      String seal = "{\"sha256\":\"" + Sha256.of(content) + "\"}";
      assertDamaged((seal + "\n" + content + "\n").getBytes(StandardCharsets.UTF_8), content);
    }
  }

  @Test
  void aLaterBelayMayAddFields() throws IOException {
    String content = Json.MAPPER.writeValueAsString(proven()).replaceFirst("\\{", "{\"new\":[1],");
    String seal = "{\"sha256\":\"" + Sha256.of(content) + "\"}";
    write((seal + "\n" + content + "\n").getBytes(StandardCharsets.UTF_8));

    assertThat(BackupState.read(folder)).isEqualTo(proven());
  }

  @Test
  void aMissingOneAHugeOneAFolderAndALinkAreNamed() throws IOException {
    assertThatThrownBy(() -> BackupState.read(folder)).hasMessageContaining("is missing");
    write(new byte[1_000_001]);
    assertThatThrownBy(() -> BackupState.read(folder)).hasMessageContaining("is longer than");
    Files.delete(folder.resolve(BackupState.FILE));
    Files.createDirectory(folder.resolve(BackupState.FILE));
    assertThatThrownBy(() -> BackupState.read(folder)).hasMessageContaining("no ordinary file");
    Files.delete(folder.resolve(BackupState.FILE));
    Files.writeString(folder.resolve("other"), proven().text());
    Files.createSymbolicLink(folder.resolve(BackupState.FILE), Path.of("other"));
    assertThatThrownBy(() -> BackupState.read(folder)).hasMessageContaining("no ordinary file");
  }

  @Test
  void theHighestLevelCountsAndAFailedCheckVoidsItAndAllAbove() {
    assertThat(BackupState.unproven().level()).isEqualTo(Level.LISTED);
    assertThat(proven().level()).isEqualTo(Level.RESTORED);
    assertThat(proven().provenAt()).hasValue(AT);
    assertThat(proven().below(Level.READABLE).level()).isEqualTo(Level.CHECKSUMMED);
    assertThat(proven().below(Level.CHECKSUMMED).proofs()).isEmpty();
    assertThat(proven().below(Level.SOUND)).isEqualTo(proven());
  }

  @Test
  void keepsTheNewestProofOfEachLevelInOrder() {
    Instant later = AT.plusSeconds(60);
    BackupState state = proven().with(Proof.of(Level.CHECKSUMMED, later)).with(restored(later));

    assertThat(state.proofs().stream().map(Proof::level))
        .containsExactly(Level.CHECKSUMMED, Level.READABLE, Level.RESTORED);
    assertThat(state.proof(Level.CHECKSUMMED).orElseThrow().at()).isEqualTo(later);
    assertThat(state.restoreProof().orElseThrow().at()).isEqualTo(later);
  }
}
