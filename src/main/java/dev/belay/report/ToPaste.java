package dev.belay.report;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of an answer in which this program says what to type: a command, or a sentence with
 * one in it. Such text is given the options that the command needs to be about the same database;
 * any other text, such as the names and values of users, is shown as it is.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface ToPaste {}
