/**
 * Serves the IAM API under {@code /v3} that clients of Huawei Cloud and OpenStack expect: tokens, projects and the
 * catalog of services. Also lets users change their own password, because the response contains a new token.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam.identity;
