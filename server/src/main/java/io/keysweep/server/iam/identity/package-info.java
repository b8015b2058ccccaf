/**
 * Serves the IAM API under {@code /v3} that clients of Huawei Cloud and OpenStack expect: tokens, projects and the
 * catalog of services. It also serves the change of the own password, which issues another token.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam.identity;
