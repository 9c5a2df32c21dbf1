package dev.belay.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class JunitSuiteTest {
  private static final String HOSTILE =
      "a\"b'<c>&d]]>\u0000\u0001\u001b\n\t\r\uFFFF\ud800ü\u2028😀";

  private static Document parsed(JunitSuite suite) throws Exception {
    String xml = suite.xml(Instant.parse("2024-01-01T12:00:00Z"));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private static JunitSuite.Case one(Optional<List<String>> failure, Optional<List<String>> error) {
    return new JunitSuite.Case(
        "belay.checks", HOSTILE, Duration.ofMillis(1500), failure, error, List.of());
  }

  @Test
  void namesThatXmlCannotHaveAreWrittenSoThatItCan() throws Exception {
    Document document =
        parsed(
            new JunitSuite(
                HOSTILE,
                List.of(one(Optional.of(List.of(HOSTILE, "second")), Optional.empty())),
                List.of("database=" + HOSTILE)));

    Element testCase = (Element) document.getElementsByTagName("testcase").item(0);
    assertThat(testCase.getAttribute("name"))
        .startsWith("a\"b'<c>&d]]>\\u0000\\u0001\\u001b\n\\u0009\\u000d\\uffff\\ud800ü")
        .endsWith("😀");
    assertThat(document.getElementsByTagName("failure").item(0).getTextContent())
        .endsWith("second");
  }

  @Test
  void findingsAreFailuresAndWhatWasNotCheckedIsAnError() throws Exception {
    Document document =
        parsed(
            new JunitSuite(
                "suite",
                List.of(
                    one(Optional.empty(), Optional.empty()),
                    one(Optional.of(List.of("found")), Optional.empty()),
                    one(Optional.empty(), Optional.of(List.of("locked"))),
                    one(Optional.of(List.of("found")), Optional.of(List.of("locked")))),
                List.of()));

    Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("4");
    assertThat(suite.getAttribute("failures")).isEqualTo("2");
    assertThat(suite.getAttribute("errors")).isEqualTo("1");
    assertThat(suite.getAttribute("time")).isEqualTo("6.000");
    assertThat(suite.getAttribute("timestamp")).isEqualTo("2024-01-01T12:00:00");
    assertThat(document.getElementsByTagName("error").getLength()).isEqualTo(1);
    assertThat(document.getElementsByTagName("system-err").getLength()).isEqualTo(1);
  }
}
