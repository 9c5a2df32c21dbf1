package dev.belay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.belay.support.Browser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page in a real browser; pages and pictures stay in target/reconciliation-pages. */
@Timeout(300)
class ReportPageIT {
  private static final Path KEPT = Path.of("target/reconciliation-pages").toAbsolutePath();

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

  @Test
  void hostileNamesAndValuesAreTextAndNothingElse() throws IOException {
    Path page = write("hostile", SampleReports.hostile(here()));

    String dom = browser.dom(page);

    assertThat(dom).contains("&lt;/script&gt;", "\\u202e").doesNotContainIgnoringCase("<img");
    assertThat(dom).doesNotContain("<title>broken", "<script");
    assertThat(dom.indexOf("<main>")).isGreaterThan(0);
    assertThat(browser.console(page)).isEmpty();
    assertThat(asked).isEmpty();
    assertThat(colours(picture(page, "hostile", 1100, 3000, Browser.Light.BRIGHT)))
        .isGreaterThan(20);
  }

  @Test
  void thePolicyOfThePageStopsEvenMarkupThatGotThrough() throws IOException {
    String inside =
        "<body><script>document.title='broken'</script><style>body{background:url(%1$s/style)}</style>"
                .formatted(here())
            + "<p style=\"background:url(%1$s/attribute)\">x</p>".formatted(here())
            + "<img src=\"%1$s/image\"><iframe src=\"%1$s/frame\"></iframe>".formatted(here());
    String page = ReportPageTest.page(SampleReports.clean());
    Path broken = folder.resolve("broken.html");
    Files.writeString(broken, page.replace("<body>", inside));

    assertThat(browser.dom(broken)).doesNotContain("<title>broken");
    assertThat(asked).isEmpty();
    assertThat(browser.console(broken)).isNotEmpty();
  }

  @Test
  void theseTestsWouldSeeAPageThatLoadsOrRunsSomething() throws IOException {
    Path control = folder.resolve("control.html");
    Files.writeString(
        control,
        "<!doctype html><title>whole</title><img src='%s/image'><script>console.error('said');document.title='broken'</script>"
            .formatted(here()));

    assertThat(browser.dom(control)).contains("<title>broken");
    assertThat(asked).contains("/image");
    assertThat(browser.console(control)).anyMatch(line -> line.contains("said"));
  }

  @ParameterizedTest
  @EnumSource(Browser.Light.class)
  void isDrawnInTheLightThatTheReaderHas(Browser.Light light) throws IOException {
    Path page = write("ordinary", SampleReports.ordinary());
    BufferedImage wide = picture(page, "ordinary-" + light, 1200, 2600, light);
    BufferedImage narrow = picture(page, "narrow-" + light, 500, 3600, light);
    int paper = wide.getRGB(3, 3) & 0xff;
    if (light == Browser.Light.DARK) {
      assertThat(paper).isLessThan(60);
    } else {
      assertThat(paper).isGreaterThan(220);
    }
    assertThat(colours(wide)).isGreaterThan(30);
    assertThat(colours(narrow)).isGreaterThan(30);
  }

  @Test
  void nothingSticksOutOfANarrowWindow() throws IOException {
    for (ReconcileReport report :
        List.of(SampleReports.ordinary(), SampleReports.plan(), SampleReports.hostile(here()))) {
      assertThat(widthIn(report, 360)).isLessThanOrEqualTo(360);
    }
  }

  @Test
  void aThousandTablesAreOnePageThatOpens() throws IOException {
    Path page = write("many", SampleReports.many(2_000));
    assertThat(Files.size(page)).isLessThan(6_000_000);
    String dom = browser.dom(page);
    assertThat(dom).contains("1,500 tables are equal").contains("</footer></main>");
    assertThat(colours(picture(page, "many", 1200, 2000, Browser.Light.BRIGHT))).isGreaterThan(30);
  }

  @Test
  void isPrintedWithItsRows() throws IOException {
    Path page = write("plan", SampleReports.plan());
    picture(page, "plan", 1200, 2200, Browser.Light.BRIGHT);
    picture(write("clean", SampleReports.clean()), "clean", 1200, 1100, Browser.Light.BRIGHT);
    Path printed = browser.print(page, KEPT.resolve("plan.pdf"));
    assertThat(Files.size(printed)).isGreaterThan(20_000);
  }

  /** Measured by a script of the test's own in a copy without the policy, within a narrow frame. */
  private int widthIn(ReconcileReport report, int width) throws IOException {
    String page =
        ReportPageTest.page(report)
            .replaceFirst("<meta http-equiv=[^>]*>", "")
            .replace("<details", "<details open");
    Path inner = folder.resolve("inner.html");
    Files.writeString(
        inner,
        page.replace(
            "</body>",
            "<script>document.title='width '+document.documentElement.scrollWidth;parent.postMessage(document.title,'*')</script></body>"));
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
    int from = dom.indexOf("<title>width ") + "<title>width ".length();
    return Integer.parseInt(dom.substring(from, dom.indexOf("</title>")));
  }

  private String here() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static Path write(String name, ReconcileReport report) throws IOException {
    Path page = KEPT.resolve(name + ".html");
    Files.writeString(page, ReportPageTest.page(report));
    return page;
  }

  private BufferedImage picture(Path page, String name, int width, int height, Browser.Light light)
      throws IOException {
    return ImageIO.read(
        browser.picture(page, KEPT.resolve(name + ".png"), width, height, light).toFile());
  }

  /** How many colours a picture has: a blank one has one. */
  private static long colours(BufferedImage picture) {
    return IntStream.range(0, picture.getHeight())
        .boxed()
        .flatMapToInt(y -> IntStream.range(0, picture.getWidth()).map(x -> picture.getRGB(x, y)))
        .distinct()
        .count();
  }
}
