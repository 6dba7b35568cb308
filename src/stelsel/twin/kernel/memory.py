"""How the loop hands its memory over, and asks for memory that it will need."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.datamodel.registry import register_default
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic


class Place(types.Type):
    """Where a named tuple of arrays lies.

    A network is dozens of arrays: to hand them all over in every call costs more than the work,
    for the processor and still more for the compiler. So functions get the place and read there.
    """

    def __init__(self, of: Any) -> None:
        self.of = of
        super().__init__(name=f"Place({of})")


@register_default(Place)
class _PlaceModel(models.PrimitiveModel):
    """A place is a pointer."""

    def __init__(self, manager: Any, kind: Any) -> None:
        pointer = manager[kind.of].get_value_type().as_pointer()
        super().__init__(manager, kind, pointer)  # type: ignore[no-untyped-call]


@infer_getattr
class _PlaceFields(AttributeTemplate):
    """Fields of a place are those of the named tuple; a tuple within it is a place too."""

    key = Place

    def generic_resolve(self, place: Any, name: str) -> Any:  # type: ignore[override]
        """Give the type of a field."""
        if name not in place.of.fields:
            return None
        field = place.of.types[place.of.fields.index(name)]
        return Place(field) if isinstance(field, types.NamedTuple) else field


def _read(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    """Write the instructions that read a field."""
    index = kind.of.fields.index(name)
    field = kind.of.types[index]
    at = cgutils.gep_inbounds(builder, value, 0, index)  # type: ignore[no-untyped-call]
    if isinstance(field, types.NamedTuple):
        return at
    value_there = _fixed(builder, at)
    return impl_ret_borrowed(context, builder, field, value_there)  # type: ignore[no-untyped-call]


def _fixed(builder: Any, at: Any) -> Any:
    """Write the instructions that read a value which never changes once it is laid down.

    Told so, the compiler reads it once in a function, not anew after each number that is written.
    """
    kind = at.type.pointee
    parts = getattr(kind, "elements", None)
    if parts is None and isinstance(kind, ir.ArrayType):
        parts = [kind.element] * kind.count
    if parts is None:
        read = builder.load(at)
        read.set_metadata("invariant.load", builder.module.add_metadata([]))
        return read
    whole = ir.Constant(kind, ir.Undefined)
    for number in range(len(parts)):
        part = _fixed(builder, cgutils.gep_inbounds(builder, at, 0, number))  # type: ignore[no-untyped-call]
        whole = builder.insert_value(whole, part, number)
    return whole


lower_getattr_generic(Place)(_read)  # type: ignore[no-untyped-call]


def _place(typing: Any, fields: Any) -> Any:
    """Write the instructions that lay a named tuple down."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        at = cgutils.alloca_once_value(builder, arguments[0])  # type: ignore[no-untyped-call]
        # By way of an instruction that does nothing, so that no reading is put before the writing.
        same = ir.FunctionType(at.type, [at.type])
        return builder.asm(same, "", "=r,0,~{memory}", [at], side_effect=True)

    return Place(fields)(fields), make


place: Any = intrinsic(_place)
"""``place(fields)`` lays a named tuple down for as long as the function runs, and says where."""


def _ahead(typing: Any, records: Any, index: Any) -> Any:
    """Write the instruction that fetches a record."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        at = cgutils.get_item_pointer(  # type: ignore[no-untyped-call]
            context, builder, signature.args[0], array, [arguments[1]], wraparound=False
        )
        whole = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, whole, whole, whole])
        fetch = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
            builder.module, kind, "llvm.prefetch.p0"
        )
        last = ir.Constant(ir.IntType(64), signature.args[0].dtype.bitwidth // 8 - 1)
        begin = builder.bitcast(at, ir.IntType(8).as_pointer())
        for line in (begin, builder.gep(begin, [last])):  # a record may lie over two lines
            told = [builder.bitcast(line, cgutils.voidptr_t), whole(1), whole(3), whole(1)]
            builder.call(fetch, told)
        return context.get_dummy_value()

    return types.none(records, types.intp), make


ahead: Any = intrinsic(_ahead)
"""``ahead(records, index)`` asks the processor to fetch a record that will be needed soon; it
changes nothing else."""
