package io.keysweep.server.window;

import io.keysweep.api.WindowsView;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Declares two paths of the native API: for the windows of a project, and for the windows of an instance. Windows are
 * times of the week when sweeps may run.
 */
@Configuration(proxyBeanMethods = false)
class WindowEndpoints {

    @Bean
    PolicyEndpoint<WindowsView> projectWindows(PolicyAccess access, WindowViews views) {
        return new PolicyEndpoint<>("/api/v1/projects/{id}/windows", access.projectOwners(), views);
    }

    @Bean
    PolicyEndpoint<WindowsView> instanceWindows(PolicyAccess access, WindowViews views) {
        return new PolicyEndpoint<>("/api/v1/instances/{id}/windows", access.instanceOwners(), views);
    }
}
