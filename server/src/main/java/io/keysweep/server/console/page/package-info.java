/**
 * Contains what the pages of all packages of the console use.
 *
 * <p>The classes convert form fields, show the errors of refused forms, decide which links a caller sees, choose the
 * language of the page, set cookies, and format amounts and times.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.page;
