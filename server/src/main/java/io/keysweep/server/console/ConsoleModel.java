package io.keysweep.server.console;

import io.keysweep.server.iam.Caller;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Adds the attributes that every page needs: the caller, the permissions, the format and an empty form error. */
@ControllerAdvice(basePackageClasses = ConsoleModel.class)
final class ConsoleModel {

    private final InstantSource clock;

    ConsoleModel(InstantSource clock) {
        this.clock = clock;
    }

    @ModelAttribute("caller")
    @Nullable Caller caller(@AuthenticationPrincipal @Nullable Caller caller) {
        return caller;
    }

    @ModelAttribute("permissions")
    Permissions permissions(@AuthenticationPrincipal @Nullable Caller caller) {
        return Permissions.of(caller);
    }

    @ModelAttribute("format")
    PageFormat format() {
        return new PageFormat(clock.instant());
    }

    @ModelAttribute("formError")
    FormError formError() {
        return FormError.NONE;
    }
}
