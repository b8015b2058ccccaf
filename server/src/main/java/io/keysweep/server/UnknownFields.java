package io.keysweep.server;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Refuses a registration by the native API if its body has an unknown field, which may be misspelt.
 *
 * <p>Jackson calls this class for each field that it does not know. The class refuses such a field only in the types of
 * {@code io.keysweep.api} whose names end with {@code Registration}. {@code DocumentReader} reads the other bodies of
 * the native API, and also refuses unknown fields. The service also offers two APIs of Huawei Cloud: of DCS
 * (Distributed Cache Service) and of IAM. They ignore unknown fields, as the vendor does.
 */
final class UnknownFields extends DeserializationProblemHandler {

    private static final String NATIVE_API_PACKAGE = "io.keysweep.api";
    private static final String REGISTRATION_SUFFIX = "Registration";

    @Override
    public boolean handleUnknownProperty(
            DeserializationContext context,
            @Nullable JsonParser parser,
            @Nullable ValueDeserializer<?> deserializer,
            Object beanOrClass,
            String name) {
        Class<?> type = beanOrClass instanceof Class<?> givenClass ? givenClass : beanOrClass.getClass();
        if (!type.getPackageName().equals(NATIVE_API_PACKAGE)
                || !type.getSimpleName().endsWith(REGISTRATION_SUFFIX)) {
            // False leaves the field to Jackson, whose settings in ServerConfiguration ignore it.
            return false;
        }
        throw UnrecognizedPropertyException.from(
                parser, type, name, deserializer == null ? null : deserializer.getKnownPropertyNames());
    }
}
