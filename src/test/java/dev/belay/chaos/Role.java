package dev.belay.chaos;

import java.util.Random;

/** As whom Belay and the application work. */
enum Role {
  SUPERUSER("postgres", ""),
  /** The owner of the database, who may create others. */
  CREATOR("shop_creator", "createdb"),
  /** The owner of the database, who may do nothing else. */
  OWNER("shop_owner", "");

  private final String user;
  private final String rights;

  Role(String user, String rights) {
    this.user = user;
    this.rights = rights;
  }

  /** One by chance; every second time the superuser. */
  static Role of(Random chance) {
    return switch (chance.nextInt(6)) {
      case 0, 1 -> CREATOR;
      case 2 -> OWNER;
      default -> SUPERUSER;
    };
  }

  /** The name of the role. */
  String user() {
    return user;
  }

  /** The statement that makes it. */
  String creation() {
    return "create role %s login %s".formatted(user, rights);
  }
}
