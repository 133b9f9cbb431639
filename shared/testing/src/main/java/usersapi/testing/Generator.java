package usersapi.testing;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Makes random values for {@link Seeded#forAll}. The same random numbers give the same values. */
@FunctionalInterface
public interface Generator<T> {

    /** A value. */
    T next(RandomGenerator random);

    /** A function of three values. */
    @FunctionalInterface
    interface Function3<A, B, C, R> {

        R apply(A a, B b, C c);
    }

    /** Always this value. */
    static <T> Generator<T> just(T value) {
        return random -> value;
    }

    /** One of these values. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static <T> Generator<T> of(T... values) {
        var all = List.of(values);
        return random -> all.get(random.nextInt(all.size()));
    }

    /** A value of one of these generators, each as often as the others. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static <T> Generator<T> oneOf(Generator<? extends T>... generators) {
        return oneOf(List.of(generators));
    }

    /** A value of one of these generators, each as often as the others. */
    static <T> Generator<T> oneOf(List<? extends Generator<? extends T>> generators) {
        return random -> generators.get(random.nextInt(generators.size())).next(random);
    }

    /** A number from {@code min} to {@code max}, both included. */
    static Generator<Integer> between(int min, int max) {
        return random -> random.nextInt(min, max + 1);
    }

    /** A text of {@code min} to {@code max} characters of the alphabet. */
    static Generator<String> text(String alphabet, int min, int max) {
        return text(random -> alphabet.charAt(random.nextInt(alphabet.length())), min, max);
    }

    /** A text of {@code min} to {@code max} of these characters. */
    static Generator<String> text(Generator<Character> characters, int min, int max) {
        return characters.list(min, max).map(list -> {
            var text = new StringBuilder();
            list.forEach(text::append);
            return text.toString();
        });
    }

    /** A character from {@code first} to {@code last}, both included. */
    static Generator<Character> character(char first, char last) {
        return between(first, last).map(number -> (char) number.intValue());
    }

    /** Made of a value of each. */
    static <A, B, R> Generator<R> combine(Generator<A> first, Generator<B> second,
            BiFunction<? super A, ? super B, ? extends R> combination) {
        return random -> {
            var a = first.next(random);
            return combination.apply(a, second.next(random));
        };
    }

    /** Made of a value of each. */
    static <A, B, C, R> Generator<R> combine(Generator<A> first, Generator<B> second, Generator<C> third,
            Function3<? super A, ? super B, ? super C, ? extends R> combination) {
        return random -> {
            var a = first.next(random);
            var b = second.next(random);
            return combination.apply(a, b, third.next(random));
        };
    }

    /** The results of a function on the values. */
    default <R> Generator<R> map(Function<? super T, ? extends R> function) {
        return random -> function.apply(next(random));
    }

    /** The values that satisfy the predicate. */
    default Generator<T> filter(Predicate<? super T> wanted) {
        return random -> Stream.generate(() -> next(random)).filter(wanted).findFirst().orElseThrow();
    }

    /** A list of {@code min} to {@code max} values. */
    default Generator<List<T>> list(int min, int max) {
        return random -> Stream.generate(() -> next(random)).limit(random.nextInt(min, max + 1)).toList();
    }
}
