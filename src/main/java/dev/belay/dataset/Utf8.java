package dev.belay.dataset;

/** Whether bytes are UTF-8 as PostgreSQL and JSON both understand it. */
final class Utf8 {
  private Utf8() {}

  /** The length of the sequence that begins with that byte, 2 to 4; 0: no sequence begins so. */
  static int length(int first) {
    if (first >= 0xC2 && first <= 0xDF) {
      return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
      return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
  }

  /** Whether a whole sequence of that length is there: no surrogates, none longer than needed. */
  static boolean isSequence(byte[] bytes, int at, int length) {
    int first = bytes[at] & 0xFF;
    int second = bytes[at + 1] & 0xFF;
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return false;
    }
    for (int index = 2; index < length; index++) {
      if ((bytes[at + index] & 0xC0) != 0x80) {
        return false;
      }
    }
    return true;
  }

  /** Where the first byte is that belongs to no sequence; -1: nowhere. */
  static int firstWrong(byte[] bytes, int end) {
    int at = 0;
    while (at < end) {
      if (bytes[at] >= 0) {
        at++;
        continue;
      }
      int length = length(bytes[at] & 0xFF);
      if (length == 0 || at + length > end || !isSequence(bytes, at, length)) {
        return at;
      }
      at += length;
    }
    return -1;
  }
}
