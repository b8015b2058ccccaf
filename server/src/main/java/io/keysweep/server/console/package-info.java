/**
 * Serves the web console: HTML pages that use the same services as the APIs.
 *
 * <p>This package frames every page: the model of the layout, the navigation, the command palette and the error page.
 * It also serves the pages of webhooks and workers. The other pages are in the packages {@code session}, {@code
 * access}, {@code policy}, {@code scan}, {@code instance} and {@code fleet}; {@code page} contains what all of them
 * use.
 *
 * <p>Pages use htmx, a script in the browser, to refresh parts of themselves. Such a part is called a fragment. The
 * browser requests each fragment separately.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console;
