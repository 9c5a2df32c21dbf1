package dev.belay.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What all pages for a browser have in common. A page holds everything it needs, runs no script,
 * and its own policy forbids the browser to load anything: a value that looks like markup stays a
 * value.
 */
public final class HtmlPage {
  private static final String BASE = resource(HtmlPage.class, "page.css");

  private HtmlPage() {}

  /**
   * The style of a room's pages: the common one, and what it adds to it.
   *
   * @param file beside that class, among the resources
   */
  public static String style(Class<?> room, String file) {
    return BASE + resource(room, file);
  }

  /**
   * Writes everything before the body.
   *
   * @param title any text
   */
  public static void head(Html html, String title, String style) {
    html.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    html.raw("style-src 'sha256-" + digest(style) + "'; base-uri 'none'; form-action 'none'\">");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">");
    html.raw("<meta name=\"referrer\" content=\"no-referrer\">");
    html.raw("<meta name=\"robots\" content=\"noindex\">");
    // A title has no elements.
    html.raw("<title>").text(TextTable.visible(title));
    html.raw("</title><style>" + style + "</style></head>");
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private static String resource(Class<?> room, String name) {
    try (InputStream file = room.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is not in the program");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
