package dev.belay.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.core.Failure;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * A mail server and a webhook on loopback that keep what they are sent, so that the audience sees
 * what people would have got. The least that senders ask of such servers.
 */
final class Catcher implements AutoCloseable {
  private static final int SHOWN = 12;
  private static final int PATIENCE_MILLIS = 10_000;

  private final ServerSocket mail;
  private final HttpServer web;
  private final List<Caught> caught = new ArrayList<>();

  /** The ways by which people are told. */
  enum Way {
    MAIL("mail"),
    WEBHOOK("the webhook");

    private final String words;

    Way(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * One message.
   *
   * @param lines for a person
   */
  record Caught(Way way, List<String> lines) {
    Caught {
      lines = List.copyOf(lines);
    }
  }

  private Catcher(ServerSocket mail, HttpServer web) {
    this.mail = mail;
    this.web = web;
  }

  /**
   * Starts both on free ports.
   *
   * @throws Failure UNAVAILABLE when there is none
   */
  static Catcher start() {
    try {
      ServerSocket mail = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      HttpServer web =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
      Catcher catcher = new Catcher(mail, web);
      web.createContext("/", catcher::take);
      web.start();
      Thread thread = new Thread(catcher::serveMail, "mail catcher");
      thread.setDaemon(true);
      thread.start();
      return catcher;
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "the demo cannot listen on loopback: " + cannot.getMessage(),
              "see whether 127.0.0.1 is up with: ip address show lo")
          .causedBy(cannot);
    }
  }

  int mailPort() {
    return mail.getLocalPort();
  }

  int webPort() {
    return web.getAddress().getPort();
  }

  /** What was sent since the last time. */
  List<Caught> caught() {
    synchronized (caught) {
      List<Caught> now = List.copyOf(caught);
      caught.clear();
      return now;
    }
  }

  private void keep(Way way, List<String> lines) {
    synchronized (caught) {
      caught.add(new Caught(way, lines));
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).strip();
      List<String> lines = new ArrayList<>();
      lines.add("a webhook: " + exchange.getRequestMethod() + " " + exchange.getRequestURI());
      body.lines().limit(SHOWN).forEach(line -> lines.add("  " + cut(line)));
      keep(Way.WEBHOOK, lines);
      exchange.sendResponseHeaders(204, -1);
    }
  }

  private static String cut(String line) {
    return line.length() > 160 ? line.substring(0, 160) + " …" : line;
  }

  private void serveMail() {
    while (!mail.isClosed()) {
      try (Socket client = mail.accept()) {
        client.setSoTimeout(PATIENCE_MILLIS);
        converse(client);
      } catch (IOException gone) {
        // The client, or the demo, is done.
      }
    }
  }

  private void converse(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    Writer out =
        new java.io.OutputStreamWriter(client.getOutputStream(), StandardCharsets.US_ASCII);
    say(out, "220 demo");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String word =
          line.length() < 4 ? "" : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT);
      switch (word) {
        case "DATA" -> {
          say(out, "354 go on");
          keep(Way.MAIL, letter(in));
          say(out, "250 kept");
        }
        case "QUIT" -> {
          say(out, "221 bye");
          return;
        }
        default -> say(out, "250 well");
      }
    }
  }

  private static void say(Writer out, String line) throws IOException {
    out.write(line + "\r\n");
    out.flush();
  }

  private static List<String> letter(BufferedReader in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
    }
    try {
      MimeMessage message =
          new MimeMessage(
              Session.getInstance(new Properties()),
              new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.ISO_8859_1)));
      List<String> lines = new ArrayList<>();
      lines.add("an email to " + message.getHeader("To", ", "));
      lines.add("  Subject: " + message.getSubject());
      String.valueOf(message.getContent())
          .lines()
          .filter(line -> !line.isBlank())
          .limit(SHOWN)
          .forEach(line -> lines.add("  " + cut(line)));
      return lines;
    } catch (MessagingException unreadable) {
      return List.of("an email that cannot be read: " + unreadable.getMessage());
    }
  }

  @Override
  public void close() {
    web.stop(0);
    try {
      mail.close();
    } catch (IOException closed) {
      // It does not listen any more.
    }
  }
}
