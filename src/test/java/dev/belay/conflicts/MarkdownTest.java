package dev.belay.conflicts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownTest {
  @Test
  void noNameMakesMarkdownOfItsOwn() {
    assertThat(Markdown.text("http://h a`b* [x](y) <img src=x> |c| #d & ~e~ !f $g$ \\h"))
        .isEqualTo(
            "http\\://h a\\`b\\* \\[x\\](y) \\<img src=x\\> \\|c\\| \\#d \\& \\~e\\~ \\!f \\$g\\$ \\\\h");
    assertThat(Markdown.text("one\n# two\u202e")).isEqualTo("one\\\\u000a\\# two\\\\u202e");
  }

  @Test
  void underscoresWithinAWordStayReadable() {
    assertThat(Markdown.text("V2__add_x and __init__ and _x"))
        .isEqualTo("V2__add_x and \\_\\_init\\_\\_ and \\_x");
  }

  @Test
  void codeHasAsManyBackticksAsItNeeds() {
    assertThat(Markdown.code("plain")).isEqualTo("`plain`");
    assertThat(Markdown.code("a`b")).isEqualTo("``a`b``");
    assertThat(Markdown.code("``")).isEqualTo("``` `` ```");
    assertThat(Markdown.fence("a```` b", 3)).isEqualTo("`````");
  }
}
