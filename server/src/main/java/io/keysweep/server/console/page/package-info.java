/**
 * Holds what the pages of all packages of the console use.
 *
 * <p>These are the conversion of form fields, the errors of refused forms, the permissions that decide which links a
 * caller sees, the language of the page, cookies, and the formats of amounts and times.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.page;
