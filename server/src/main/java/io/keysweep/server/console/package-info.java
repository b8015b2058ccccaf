/**
 * Serves the web console: HTML pages that use the same services as the APIs.
 *
 * <p>Pages refresh parts of themselves with htmx, a script in the browser. A part, which has a request of its own, is
 * called a fragment.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console;
