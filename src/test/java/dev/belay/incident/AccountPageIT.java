package dev.belay.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.belay.support.Browser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a real browser; pages and pictures stay in target/report-pages. */
@Timeout(300)
class AccountPageIT {
  private static final Path KEPT = Path.of("target/report-pages").toAbsolutePath();

  /** Every text against the first background behind it, by the formula of WCAG. */
  private static final String LOOK =
      """
      <script>
      const nums = c => c.match(/[\\d.]+/g).map(Number);
      const lum = ([r, g, b]) => { const f = v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
        return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
      const behind = e => { for (; e; e = e.parentElement) { const c = nums(getComputedStyle(e).backgroundColor);
        if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
      let worst = 99, where = '';
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let n = walk.nextNode(); n; n = walk.nextNode()) {
        const e = n.parentElement;
        if (!n.data.trim() || /^(script|title|desc)$/i.test(e.tagName)) continue;
        const style = getComputedStyle(e);
        const one = lum(nums(e.namespaceURI.endsWith('svg') ? style.fill : style.color)), other = lum(behind(e));
        const ratio = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
        if (ratio < worst) { worst = ratio; where = e.tagName + '.' + e.getAttribute('class'); }
      }
      const said = 'width ' + document.documentElement.scrollWidth + ' contrast ' + worst.toFixed(2) + ' at ' + where
        + ' texts ' + Math.min(...[...document.querySelectorAll('svg text')].map(t => parseFloat(getComputedStyle(t).fontSize)));
      document.title = said; parent.postMessage(said, '*');
      </script></body>""";

  @TempDir private Path folder = Path.of("");
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private Browser browser;

  @BeforeEach
  void open() throws IOException {
    browser = Browser.find(folder);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    Files.createDirectories(KEPT);
  }

  @AfterEach
  void close() {
    if (server != null) {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"360, BRIGHT", "360, DARK", "1440, BRIGHT", "1440, DARK"})
  void canBeReadAtAnyWidthAndInAnyLight(int width, Browser.Light light) throws IOException {
    String page = killedInTheNight("http://127.0.0.1:1");
    Path kept = KEPT.resolve("killed.html");
    Files.writeString(kept, page);
    Path picture =
        browser.picture(
            kept,
            KEPT.resolve("killed-" + width + "-" + light + ".png"),
            Math.max(500, width),
            2600,
            light);
    BufferedImage seen = ImageIO.read(picture.toFile());
    int paper = seen.getRGB(3, 3) & 0xff;
    assertThat(light == Browser.Light.DARK ? paper < 60 : paper > 220).isTrue();

    String said = measured(page, width, light);

    Matcher figures =
        Pattern.compile("width (\\d+) contrast ([\\d.]+) at (\\S+) texts ([\\d.]+)").matcher(said);
    assertThat(figures.find()).as(said).isTrue();
    assertThat(Integer.parseInt(figures.group(1))).as(said).isLessThanOrEqualTo(width);
    assertThat(Double.parseDouble(figures.group(2))).as(said).isGreaterThanOrEqualTo(4.5);
    assertThat(Double.parseDouble(figures.group(4))).as(said).isGreaterThanOrEqualTo(12);
  }

  @Test
  void loadsNothingAndRunsNothingWhateverIsInTheNames() throws IOException {
    String here = "http://127.0.0.1:" + server.getAddress().getPort();
    Path page = folder.resolve("hostile.html");
    Files.writeString(page, killedInTheNight(here));

    assertThat(browser.dom(page)).doesNotContain("<title>broken", "<script", "<img");
    assertThat(browser.console(page)).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void isPrinted() throws IOException {
    Path page = folder.resolve("page.html");
    Files.writeString(page, killedInTheNight("http://127.0.0.1:1"));

    assertThat(Files.size(browser.print(page, KEPT.resolve("killed.pdf")))).isGreaterThan(20_000);
  }

  private String killedInTheNight(String here) {
    String hostile =
        "\"</script><script>document.title='broken'</script><img src=\"%s/image\">".formatted(here);
    return new Night(folder)
        .journal(
            1,
            "migrate",
            "orders\u202e%s@db1:5432".formatted("o".repeat(80)),
            "backup",
            "migrate",
            hostile,
            "a-very-long-step-" + "x".repeat(300),
            "{\"at\":\"2026-11-01T02:30:09Z\",\"step\":\"swap\",\"facts\":{\"lostRows\":\"12\",\"hint\":\"finish it with: belay undo-restore\"}}")
        .samples(600, 333, hostile)
        .file(
            "belay.log",
            "2026-11-01 02:30:01.000 - ERROR - x - " + hostile + "w".repeat(4_000) + "\n")
        .page();
  }

  /** Measured by a script of the test's own in a copy without the policy, within a frame. */
  private String measured(String page, int width, Browser.Light light) throws IOException {
    String dark =
        page.replaceFirst("<meta http-equiv=[^>]*>", "").replace("<details", "<details open");
    if (light == Browser.Light.DARK) {
      // The condition of the dark colours is made true: a page in a frame has no light of its own.
      dark = dark.replace("@media (prefers-color-scheme: dark)", "@media all");
    }
    Files.writeString(folder.resolve("inner.html"), dark.replace("</body>", LOOK));
    Path outer = folder.resolve("outer.html");
    Files.writeString(
        outer,
        """
        <!doctype html><title>nothing</title>
        <script>onmessage = said => document.title = said.data</script>
        <iframe src="inner.html" width="%d" height="800" style="border:0"></iframe>
        """
            .formatted(width));
    String dom = browser.dom(outer);
    return dom.substring(dom.indexOf("<title>") + 7, dom.indexOf("</title>"));
  }
}
