"""How the loop asks for memory that it will need."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.extending import intrinsic


def _ahead(typing: Any, records: Any, index: Any) -> Any:
    """Write the instruction that fetches a record."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = cgutils.get_item_pointer(  # type: ignore[no-untyped-call]
            context, builder, signature.args[0], array, [arguments[1]], wraparound=False
        )
        whole = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, whole, whole, whole])
        fetch = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
            builder.module, kind, "llvm.prefetch.p0"
        )
        told = [builder.bitcast(place, cgutils.voidptr_t), whole(1), whole(3), whole(1)]
        builder.call(fetch, told)
        return context.get_dummy_value()

    return types.none(records, types.intp), make


ahead: Any = intrinsic(_ahead)
"""``ahead(records, index)`` asks the processor to fetch a record that will be needed soon; it
changes nothing else."""
