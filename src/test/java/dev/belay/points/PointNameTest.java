package dev.belay.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointNameTest {
  private static final Instant AT = Instant.parse("2026-11-01T08:30:05Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "customers|rp_customers_20261101_083005",
        "Import Ünd \"; drop table x|rp_Import-nd-drop-table-x_20261101_083005",
        "../../etc/passwd|rp_etc-passwd_20261101_083005",
        "-rf|rp_rf_20261101_083005",
        "ÄÖÜ|rp_point_20261101_083005"
      })
  void idsNeedNoQuotes(String name, String id) {
    assertThat(PointName.id(name, AT, 1)).isEqualTo(id);
    assertThat(PointName.isId(id)).isTrue();
    assertThat(PointName.ofFile(Path.of(id + ".json"))).hasValue(id);
    assertThat(PointName.ofFile(Path.of(id + ".point.json"))).hasValue(id);
    assertThat(PointName.ofFile(Path.of(id + ".json.checksum"))).hasValue(id);
  }

  @Test
  void namesAreCutAndNumbered() {
    String id = PointName.id("x".repeat(200), AT, 12);
    assertThat(id).hasSizeLessThan(90).endsWith("_20261101_083005_12");
    assertThat(PointName.isId(id)).isTrue();
    assertThatThrownBy(() -> PointName.id("x".repeat(2000), AT, 1)).isInstanceOf(Failure.class);
  }

  @Test
  void idsSortByTheirMomentAndNumber() {
    assertThat(PointName.order("rp_z_20261101_083005"))
        .isLessThan(PointName.order("rp_a_20261101_083005_2"));
    assertThat(PointName.order("rp_a_20261101_083005_2"))
        .isLessThan(PointName.order("rp_a_20261101_083005_10"));
    assertThat(PointName.order("rp_z_20261101_083005"))
        .isLessThan(PointName.order("rp_a_20261101_083006"));
  }
}
