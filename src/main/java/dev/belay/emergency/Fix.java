package dev.belay.emergency;

/** Something that can be fixed safely, as long as what it needs is still so. */
interface Fix {
  /** What sort of thing it fixes, such as {@code invalid-index}. */
  String kind();

  /** What it fixes, such as {@code public.orders_id_seq}. */
  String subject();

  /** What will be done, and what must be so when it is; a step of a plan. */
  String plan();

  /**
   * Looks whether what it needs is still so, and fixes.
   *
   * @throws dev.belay.core.Failure when it could not; INCOMPLETE when nobody knows whether it is
   *     done
   */
  FixResult apply(FixGround ground);
}
