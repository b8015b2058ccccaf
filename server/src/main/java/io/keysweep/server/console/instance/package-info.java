/**
 * Serves the page that registers an instance, and the page of each instance with its forms and its parts: estimate,
 * insight, charts and the drawing of its nodes.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.instance;
