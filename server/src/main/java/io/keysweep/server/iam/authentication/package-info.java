/**
 * Finds the caller of each request to the APIs, by its signature or token, before a controller sees the request.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam.authentication;
