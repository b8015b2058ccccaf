package io.keysweep.server.autoscan;

import io.keysweep.api.StartPolicyView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Declares two paths of the native API: for the start policy of a project, and for the start policy of an instance.
 *
 * <p>A start policy says when an automatic scan starts without the schedule, and when a start is skipped. Because it
 * can start scans, a caller who changes it needs {@link Action#UPDATE_AUTOSCAN}, as for a schedule. This action comes
 * in addition to the one that each policy needs.
 */
@Configuration(proxyBeanMethods = false)
class StartPolicyEndpoints {

    @Bean
    PolicyEndpoint<StartPolicyView> projectStartPolicy(PolicyAccess access, StartViews views) {
        return new PolicyEndpoint<>(
                "/api/v1/projects/{id}/start-policy", access.projectOwners(Action.UPDATE_AUTOSCAN), views);
    }

    @Bean
    PolicyEndpoint<StartPolicyView> instanceStartPolicy(PolicyAccess access, StartViews views) {
        return new PolicyEndpoint<>(
                "/api/v1/instances/{id}/start-policy", access.instanceOwners(Action.UPDATE_AUTOSCAN), views);
    }
}
